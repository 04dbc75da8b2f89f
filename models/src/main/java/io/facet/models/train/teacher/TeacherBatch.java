package io.facet.models.train.teacher;

import io.facet.models.train.data.InputImages;

/**
 * What a teacher is shown of a step.
 *
 * @param step batches before it, from 0
 * @param indices positions in the training set
 * @param mirrored which crops are shown mirrored
 * @param images network input by {@link TeacherOutputs#preprocessing}; null for a teacher that
 *     needs none
 */
@SuppressWarnings("ArrayRecordComponent")
public record TeacherBatch(long step, int[] indices, boolean[] mirrored, InputImages images) {}
