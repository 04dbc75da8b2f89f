package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** What student and teacher make of the same faces before the first step. */
public interface StartingFaces {
  /** Whether the student starts from given weights. */
  boolean warmStudent();

  /** The same faces under that teacher; empty: the run's own. */
  StartingFaces of(Optional<String> teacher);

  /** Embeddings of a sample of the training faces; valid while the session starts. */
  Embeddings embeddings();

  /**
   * Raw embeddings of the same faces, row by row.
   *
   * @param student {@code (N, d_S)}
   * @param teacher {@code (N, d_T)}
   */
  record Embeddings(NDArray student, NDArray teacher) {}
}
