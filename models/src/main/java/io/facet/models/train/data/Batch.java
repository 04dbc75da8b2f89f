package io.facet.models.train.data;

import java.util.Map;

/**
 * The crops of one batch.
 *
 * @param number batches before it, from 0
 * @param epoch epochs done, from 0
 * @param indices positions in the training set
 * @param mirrored which crops are shown mirrored
 * @param labels classes
 * @param studentImages network input of the student
 * @param teacherImages network input of a live teacher; the student's when both see the same; null
 *     without live teacher
 * @param rows what was read of each source that the loader was given
 */
@SuppressWarnings("ArrayRecordComponent")
public record Batch(
    long number,
    int epoch,
    int[] indices,
    boolean[] mirrored,
    long[] labels,
    InputImages studentImages,
    InputImages teacherImages,
    Map<CropRows, BatchRows> rows) {

  public int size() {
    return indices.length;
  }
}
