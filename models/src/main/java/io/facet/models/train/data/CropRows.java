package io.facet.models.train.data;

import java.util.Map;

/**
 * Numbers that are kept for both views of every crop of a training set, such as a teacher's cached
 * outputs. Safe to use from several threads.
 */
public interface CropRows {
  /** Floats of a row by name. */
  Map<String, Integer> lengths();

  /**
   * Writes a row into an array.
   *
   * @param name one of {@link #lengths}
   * @param index position in the training set
   * @param mirrored the mirrored view
   * @param from where in the array the row begins
   * @throws io.facet.models.DataException if it is missing; the message names the face
   */
  void read(String name, int index, boolean mirrored, float[] target, int from);
}
