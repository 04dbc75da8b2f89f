package io.facet.pipelines.cli;

import io.facet.pipelines.storage.s3.S3Files;
import picocli.CommandLine.Option;

/** How S3 is reached, for this process and the workers of its jobs. */
final class StorageOptions {
  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "S3 server other than Amazon's (default: AWS_ENDPOINT_URL_S3).")
  void endpoint(String endpoint) {
    set(S3Files.ENDPOINT, endpoint);
  }

  @Option(
      names = "--s3-region",
      paramLabel = "NAME",
      description = "Region of the bucket (default: AWS_REGION, or that of AWS_PROFILE).")
  void region(String region) {
    set(S3Files.REGION, region);
  }

  @Option(
      names = "--s3-path-style",
      paramLabel = "BOOL",
      description =
          "Whether the bucket stands in the path, not in the host name (default:"
              + " FACET_S3_PATH_STYLE, or true beside an endpoint).")
  void pathStyle(String pathStyle) {
    set(S3Files.PATH_STYLE, pathStyle);
  }

  /** Picocli hands over null when it begins anew. */
  private static void set(String property, String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
