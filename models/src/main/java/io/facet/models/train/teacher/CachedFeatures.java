package io.facet.models.train.teacher;

import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * A teacher's outputs for every crop and view of a training set, computed once. Safe to read from
 * several threads.
 */
public interface CachedFeatures {
  /** Name under which embeddings are kept beside the taps. */
  String EMBEDDING = "embedding";

  /** Shapes by tap name, {@link #EMBEDDING} included, without the batch axis. */
  Map<String, Shape> shapes();

  /**
   * Reads the values of one tap, row-major; any number of threads may.
   *
   * @param index position in the training set
   * @param mirrored the mirrored view
   * @param target gets them
   * @param from where in the array they begin
   * @throws io.facet.models.DataException if they are missing; the message names the face
   */
  void read(String tap, int index, boolean mirrored, float[] target, int from);
}
