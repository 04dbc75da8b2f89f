package io.facet.pipelines.storage.s3;

import io.facet.models.RecipeException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How S3 is reached. Credentials are no part of it: each process finds its own, as the AWS SDK does
 * (environment, profile, instance role).
 *
 * @param endpoint of a server other than Amazon's
 * @param region empty: as the AWS SDK finds it, or {@value #USUAL_REGION} beside an endpoint
 * @param pathStyle whether the bucket stands in the path and not in the host name
 * @param timeout of one try of a request
 * @param retries tries after the first
 */
record S3Settings(
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Duration timeout,
    int retries) {
  static final String TIMEOUT = "facet.s3.timeout";
  static final String RETRIES = "facet.s3.retries";

  private static final String USUAL_REGION = "us-east-1";
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(60);

  /** With pauses of up to 20 s that grow: a server may be busy for a minute. */
  private static final int USUAL_RETRIES = 8;

  /** Of this process: system properties, which the command line sets, before the environment. */
  static S3Settings ofProcess() {
    return of(System::getProperty, System::getenv);
  }

  /**
   * From lookups that answer null for what is not set.
   *
   * @throws RecipeException naming the variable that cannot be used
   */
  static S3Settings of(UnaryOperator<String> properties, UnaryOperator<String> environment) {
    Optional<URI> endpoint =
        first(
                properties.apply(S3Files.ENDPOINT),
                environment.apply("AWS_ENDPOINT_URL_S3"),
                environment.apply("AWS_ENDPOINT_URL"))
            .map(S3Settings::endpoint);
    Optional<String> region =
        first(
            properties.apply(S3Files.REGION),
            environment.apply("AWS_REGION"),
            environment.apply("AWS_DEFAULT_REGION"));
    boolean pathStyle =
        first(properties.apply(S3Files.PATH_STYLE), environment.apply("FACET_S3_PATH_STYLE"))
            .map(S3Settings::truth)
            .orElse(endpoint.isPresent());
    Duration timeout =
        first(properties.apply(TIMEOUT), environment.apply("FACET_S3_TIMEOUT"))
            .map(S3Settings::seconds)
            .orElse(USUAL_TIMEOUT);
    return new S3Settings(
        endpoint,
        region.or(() -> endpoint.map(server -> USUAL_REGION)),
        pathStyle,
        timeout,
        first(properties.apply(RETRIES), environment.apply("FACET_S3_RETRIES"))
            .map(S3Settings::retries)
            .orElse(USUAL_RETRIES));
  }

  private static Optional<String> first(String... values) {
    for (String value : values) {
      if (value != null && !value.isBlank()) {
        return Optional.of(value.strip());
      }
    }
    return Optional.empty();
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && String.valueOf(uri.getScheme()).matches("https?")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new RecipeException(
        "the S3 endpoint must look like https://HOST:PORT, without credentials; correct"
            + " --s3-endpoint or AWS_ENDPOINT_URL_S3");
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RecipeException(
              "--s3-path-style, FACET_S3_PATH_STYLE: must be true or false, is '" + text + "'");
    };
  }

  private static int retries(String text) {
    if (!text.matches("1?\\d|20")) {
      throw new RecipeException("FACET_S3_RETRIES: must be 0 to 20, is '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static Duration seconds(String text) {
    if (!text.matches("[1-9]\\d{0,3}")) {
      throw new RecipeException("FACET_S3_TIMEOUT: must be 1 to 9999 seconds, is '" + text + "'");
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
