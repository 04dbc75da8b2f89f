package io.facet.pipelines.storage.s3;

import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** What travels to the workers beside Beam's own options of S3. Beam wants it public. */
public interface S3PipelineOptions extends S3Options {
  @Description("Whether the bucket stands in the path of a request and not in its host name.")
  @Default.Boolean(false)
  boolean isS3PathStyle();

  void setS3PathStyle(boolean pathStyle);

  @Description("Seconds that one try of a request to S3 may take.")
  @Default.Integer(60)
  int getS3Timeout();

  void setS3Timeout(int seconds);

  @Description("Tries of a request to S3 after the first.")
  @Default.Integer(8)
  int getS3Retries();

  void setS3Retries(int retries);

  @Description("Name of the region; empty: as the AWS SDK finds it on the worker.")
  @Default.String("")
  String getS3Region();

  void setS3Region(String region);
}
