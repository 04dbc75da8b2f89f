package io.facet.pipelines.storage.s3;

import io.facet.pipelines.InfrastructureException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Failures of S3 in words that name the cure. Neither keys nor signatures appear in them. */
final class S3Failures {
  private static final String CREDENTIALS =
      "give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN), or as a profile"
          + " with AWS_PROFILE, to this process and to every worker";

  private S3Failures() {}

  /**
   * What a failed request is to the caller.
   *
   * @param uri what it was about
   * @return always an {@link IOException}
   * @throws InfrastructureException if only the user can mend it
   */
  static IOException of(String uri, SdkException failure) {
    if (failure instanceof S3Exception answer) {
      return answered(uri, answer);
    }
    if (failure instanceof AbortedException) { // the thread was interrupted
      return (IOException) new InterruptedIOException(uri + ": interrupted").initCause(failure);
    }
    if (failure instanceof SdkClientException) {
      return unanswered(uri, failure);
    }
    return new IOException(uri + ": " + firstLine(failure), failure);
  }

  private static IOException answered(String uri, S3Exception failure) {
    String code =
        failure.awsErrorDetails() == null || failure.awsErrorDetails().errorCode() == null
            ? ""
            : failure.awsErrorDetails().errorCode();
    switch (code) {
      case "NoSuchBucket" ->
          throw told(uri, "there is no such bucket; create it or correct its name", failure);
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken" ->
          throw told(
              uri, "the credentials are not accepted (" + code + "); " + CREDENTIALS, failure);
      case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
          throw told(
              uri, "the credentials have expired; get new ones (such as 'aws sso login')", failure);
      case "RequestTimeTooSkewed" ->
          throw told(uri, "the clock of this machine is wrong; set it", failure);
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "TemporaryRedirect" ->
          throw told(uri, wrongRegion(failure), failure);
      default -> {
        // by its status below
      }
    }
    return switch (failure.statusCode()) {
      case 301, 307 -> throw told(uri, wrongRegion(failure), failure);
      case 403 -> denied(uri, failure);
      case 404 -> (IOException) new FileNotFoundException(uri).initCause(failure);
      default ->
          new IOException(
              "%s: the server answered %d %s".formatted(uri, failure.statusCode(), code).strip(),
              failure);
    };
  }

  private static IOException denied(String uri, S3Exception failure) {
    AccessDeniedException denied =
        new AccessDeniedException(uri, null, "access denied; the credentials need rights on it");
    denied.initCause(failure);
    return denied;
  }

  private static String wrongRegion(S3Exception failure) {
    String region =
        failure.awsErrorDetails() == null || failure.awsErrorDetails().sdkHttpResponse() == null
            ? ""
            : failure
                .awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("x-amz-bucket-region")
                .orElse("");
    return "the bucket is in another region%s; set AWS_REGION or --s3-region"
        .formatted(region.isEmpty() ? "" : ", " + region);
  }

  private static IOException unanswered(String uri, SdkException failure) {
    String text = firstLine(failure);
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("unable to load credentials")) {
      throw told(uri, "no credentials were found; " + CREDENTIALS, failure);
    }
    if (lower.contains("unable to load region")) {
      throw told(uri, "no region is set; set AWS_REGION or --s3-region", failure);
    }
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof UnknownHostException) {
        throw told(
            uri,
            "the server is not known (%s); correct --s3-endpoint, AWS_ENDPOINT_URL_S3 or AWS_REGION"
                .formatted(at.getMessage()),
            failure);
      }
    }
    return new IOException(
        "%s: no answer from the server (%s); check --s3-endpoint, AWS_ENDPOINT_URL_S3 and the network"
            .formatted(uri, text),
        failure);
  }

  private static InfrastructureException told(String uri, String what, SdkException failure) {
    return new InfrastructureException(uri + ": " + what, failure);
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
