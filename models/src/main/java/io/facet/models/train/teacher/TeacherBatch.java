package io.facet.models.train.teacher;

import io.facet.models.train.data.BatchRows;
import io.facet.models.train.data.InputImages;
import java.util.Optional;

/**
 * What a teacher is shown of a step.
 *
 * @param step batches before it, from 0
 * @param indices positions in the training set
 * @param mirrored which crops are shown mirrored
 * @param images network input by {@link TeacherOutputs#preprocessing}; null for a teacher that
 *     needs none
 * @param rows what was read of its {@link TeacherOutputs#cached}; empty: nothing yet
 */
@SuppressWarnings("ArrayRecordComponent")
public record TeacherBatch(
    long step, int[] indices, boolean[] mirrored, InputImages images, Optional<BatchRows> rows) {

  /** A batch without rows. */
  public TeacherBatch(long step, int[] indices, boolean[] mirrored, InputImages images) {
    this(step, indices, mirrored, images, Optional.empty());
  }
}
