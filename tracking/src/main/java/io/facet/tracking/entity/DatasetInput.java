package io.facet.tracking.entity;

import java.util.Objects;

/**
 * Data a run has read.
 *
 * @param name what people call it; at most 500 characters
 * @param digest content digest; MLflow keeps the first 36 characters, the whole goes into the
 *     profile
 * @param source where it was read from, as JSON or plain text (plain text is wrapped as a URI)
 * @param schema JSON description of its columns, or empty
 * @param profile JSON with counts and the like, or empty
 * @param context role in the run, such as {@code training} or {@code verification}
 */
public record DatasetInput(
    String name, String digest, String source, String schema, String profile, String context) {

  /** Refuses null. */
  public DatasetInput {
    Objects.requireNonNull(source);
    Objects.requireNonNull(schema);
    Objects.requireNonNull(profile);
    Objects.requireNonNull(context);
    if (name.isBlank() || digest.isBlank()) {
      throw new IllegalArgumentException("A dataset input needs a name and a digest.");
    }
  }
}
