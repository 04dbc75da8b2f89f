package io.facet.pipelines.storage.s3;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.io.aws2.options.S3ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.http.ConnectionClosedException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.retry.RetryPolicy;
import software.amazon.awssdk.core.retry.conditions.OrRetryCondition;
import software.amazon.awssdk.core.retry.conditions.RetryCondition;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Clients of S3. Beam's file system gets its client here, on the driver and on workers, and so
 * hands over what its options say to the requests that Facet makes itself.
 */
public final class S3Clients implements S3ClientBuilderFactory {
  private static final int CONNECTIONS = 128;

  /** Smallest part of a multipart upload; each open file holds one in memory. */
  private static final int PART_BYTES = 8 << 20;

  private static final Map<Duration, SdkHttpClient> CONNECTED = new ConcurrentHashMap<>();
  private static final Map<S3Settings, S3Client> CLIENTS = new ConcurrentHashMap<>();

  private static volatile Optional<S3Settings> configured = Optional.empty();

  /** Puts the settings of this process into options. */
  static void configure(PipelineOptions options) {
    S3Settings settings = S3Settings.ofProcess();
    S3PipelineOptions s3 = options.as(S3PipelineOptions.class);
    s3.setS3ClientFactoryClass(S3Clients.class);
    s3.setS3UploadBufferSizeBytes(PART_BYTES);
    settings.endpoint().ifPresent(s3::setEndpoint);
    settings.region().ifPresent(s3::setS3Region);
    s3.setS3PathStyle(settings.pathStyle());
    s3.setS3Timeout((int) settings.timeout().toSeconds());
    s3.setS3Retries(settings.retries());
  }

  /** For the settings that Beam got last, or those of the process before it got any. */
  static S3Client client() {
    return CLIENTS.computeIfAbsent(settings(), settings -> builder(settings).build());
  }

  static S3Settings settings() {
    return configured.orElseGet(S3Settings::ofProcess);
  }

  @Override
  public S3ClientBuilder createBuilder(S3Options options) {
    S3PipelineOptions s3 = options.as(S3PipelineOptions.class);
    S3Settings settings =
        new S3Settings(
            Optional.ofNullable(s3.getEndpoint()),
            Optional.of(s3.getS3Region()).filter(region -> !region.isEmpty()),
            s3.isS3PathStyle(),
            Duration.ofSeconds(s3.getS3Timeout()),
            s3.getS3Retries());
    configured = Optional.of(settings);
    return builder(settings);
  }

  private static S3ClientBuilder builder(S3Settings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(CONNECTED.computeIfAbsent(settings.timeout(), S3Clients::connections))
            .forcePathStyle(settings.pathStyle())
            .overrideConfiguration(
                ClientOverrideConfiguration.builder()
                    .retryPolicy(
                        RetryPolicy.builder(RetryMode.STANDARD)
                            .numRetries(settings.retries())
                            .retryCondition(
                                OrRetryCondition.create(
                                    RetryCondition.defaultRetryCondition(),
                                    attempt -> wasCutShort(attempt.exception())))
                            .build())
                    .build());
    settings.endpoint().ifPresent(builder::endpointOverride);
    settings.region().map(Region::of).ifPresent(builder::region);
    return builder;
  }

  /** The SDK takes a listing that ends half-way for a wrong one, not for a broken connection. */
  private static boolean wasCutShort(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof ConnectionClosedException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Without a thread for idle connections: on a TaskManager it would keep a job's classes alive.
   */
  private static SdkHttpClient connections(Duration timeout) {
    return ApacheHttpClient.builder()
        .useIdleConnectionReaper(false)
        .maxConnections(CONNECTIONS)
        .socketTimeout(timeout)
        .connectionTimeout(
            timeout.compareTo(Duration.ofSeconds(10)) < 0 ? timeout : Duration.ofSeconds(10))
        .build();
  }
}
