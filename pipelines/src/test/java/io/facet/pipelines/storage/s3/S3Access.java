package io.facet.pipelines.storage.s3;

import io.facet.transforms.file.SharedFiles;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;

/** Sets this process up for a server, as the command line and the environment would. */
final class S3Access implements AutoCloseable {
  private static final String KEY = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  private S3Access() {}

  static S3Access to(URI endpoint, String accessKey, String secretKey) {
    Map.of(
            S3Files.ENDPOINT,
            endpoint.toString(),
            S3Settings.TIMEOUT,
            "1",
            KEY,
            accessKey,
            SECRET,
            secretKey)
        .forEach(System::setProperty);
    return apply(new S3Access());
  }

  /** Changes one property. */
  void with(String property, String value) {
    System.setProperty(property, value);
    apply(this);
  }

  private static S3Access apply(S3Access access) {
    FileSystems.setDefaultPipelineOptions(SharedFiles.options());
    return access;
  }

  @Override
  public void close() {
    List.of(
            S3Files.ENDPOINT,
            S3Files.REGION,
            S3Settings.TIMEOUT,
            S3Settings.RETRIES,
            S3Files.PATH_STYLE,
            KEY,
            SECRET,
            "aws.sessionToken")
        .forEach(System::clearProperty);
    FileSystems.setDefaultPipelineOptions(SharedFiles.options());
  }
}
