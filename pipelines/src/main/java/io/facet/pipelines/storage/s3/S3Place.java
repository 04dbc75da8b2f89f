package io.facet.pipelines.storage.s3;

import io.facet.models.RecipeException;

/**
 * A place in S3.
 *
 * @param bucket its name
 * @param key of the object, without a slash at its beginning; empty for the bucket
 */
record S3Place(String bucket, String key) {
  private static final String SCHEME = "s3://";

  /**
   * What a URI names.
   *
   * @throws RecipeException if it names no bucket
   */
  static S3Place of(String uri) {
    String rest = uri.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new RecipeException(uri + ": names no bucket; write s3://BUCKET/FOLDER");
    }
    return new S3Place(bucket, slash < 0 ? "" : rest.substring(slash + 1));
  }

  /** What the keys below a folder begin with; empty for the bucket itself. */
  String prefix() {
    return key.isEmpty() || key.endsWith("/") ? key : key + "/";
  }

  String uri(String otherKey) {
    return SCHEME + bucket + "/" + otherKey;
  }
}
