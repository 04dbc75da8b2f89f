package io.facet.models.distill.ukd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.facet.models.RecipeException;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.MemoryBank;
import io.facet.models.distill.part.TopK;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Layer;

/**
 * RPSD: similarities between the batch and the batch with a memory bank, the student's against the
 * teacher's, on mined pairs. Reconstructed: the paper's formula could not be read.
 */
final class PairSimilarities extends Layer {
  /** Below every cosine and every difference of two. */
  private static final float NOT_A_PAIR = -10;

  private static final int STUDENT = 0;
  private static final int TEACHER = 1;
  private static final int LABEL = 2;

  private final RpsdOptions options;
  private final MemoryBank bank;
  private long batches;

  /**
   * With an empty bank.
   *
   * @throws RecipeException if the student's embeddings are to be compared with stored ones of the
   *     teacher and the widths differ
   */
  PairSimilarities(RpsdOptions options, int studentWidth, int teacherWidth) {
    if (options.bankSpace() == BankSpace.TEACHER && studentWidth != teacherWidth) {
      throw new RecipeException(
          "rpsd: bankSpace teacher compares embeddings of width %d with the teacher's of width %d; choose bankSpace own or equal widths"
              .formatted(studentWidth, teacherWidth));
    }
    this.options = options;
    bank = child("bank", new MemoryBank(options.capacity(), studentWidth, teacherWidth, 1));
  }

  MemoryBank bank() {
    return bank;
  }

  /** Batches taken in. */
  long batches() {
    return batches;
  }

  void restore(long rowsTaken, long batchesTaken) {
    bank.restore(rowsTaken);
    batches = batchesTaken;
  }

  /**
   * Mean of the squared difference over all mined pairs, 0 without any. Gradients reach both ends
   * of a pair within the batch and the anchor of a pair with the bank. An image is not a pair with
   * itself, neither in the batch nor with an older row of the bank.
   *
   * @param student {@code (B, d_S)}
   * @param teacher {@code (B, d_T)}, taken as a constant
   * @param labels int64 {@code (B)}; read by {@link PairMining#TEACHER_HARD} and {@link
   *     SameIdentity#MASK} alone; an image with a negative label is of nobody known
   * @param indices positions of the samples in the training set, int64 {@code (B)}
   * @return a scalar
   */
  NDArray loss(NDArray student, NDArray teacher, NDArray labels, NDArray indices) {
    MatchingShapes.requireBatch(student, teacher);
    NDArray anchors = L2Normalise.of(student);
    NDArray targets = L2Normalise.of(teacher.stopGradient());
    int ofBank = options.bankSpace() == BankSpace.OWN ? STUDENT : TEACHER;
    NDArray expected = similarities(targets, TEACHER);
    NDArray difference = similarities(anchors, ofBank).sub(expected);
    NDArray images = inverse(sameImage(indices));
    NDArray pairs =
        options.sameIdentity() == SameIdentity.MASK
            ? images.mul(inverse(sameIdentity(labels)))
            : images;
    NDArray mined =
        switch (options.mining()) {
          case ALL -> pairs;
          case DISCREPANCY -> highest(difference.stopGradient().abs(), pairs);
          case TEACHER_HARD -> teacherHard(expected, pairs, labels);
        };
    return difference.square().mul(mined).sum().div(mined.sum().maximum(1));
  }

  private static NDArray inverse(NDArray mask) {
    return mask.neg().add(1);
  }

  /** 1 where both ends are one image, {@code (B, B + K)}. */
  private NDArray sameImage(NDArray indices) {
    NDArray column = indices.expandDims(1);
    NDArray within = column.eq(column.transpose()).toType(DataType.FLOAT32, false);
    return usesBank() ? within.concat(bank.sameImage(indices), 1) : within;
  }

  /** 1 where both ends are of one identity, {@code (B, B + K)}. */
  private NDArray sameIdentity(NDArray labels) {
    NDArray column = labels.toType(DataType.FLOAT32, false).expandDims(1);
    NDArray all = usesBank() ? NDArrays.concat(new NDList(column, bank.rows(LABEL))) : column;
    NDArray known = column.gte(0).toType(DataType.FLOAT32, false);
    return column.eq(all.transpose()).toType(DataType.FLOAT32, false).mul(known);
  }

  private boolean usesBank() {
    return bank.size() > 0 && (bank.full() || batches >= options.warmUpBatches());
  }

  /** Cosines within the batch and, once it is used, with the bank: {@code (B, B + K)}. */
  private NDArray similarities(NDArray batch, int column) {
    NDArray within = batch.matMul(batch.transpose());
    return usesBank()
        ? NDArrays.concat(new NDList(within, batch.matMul(bank.rows(column).transpose())), 1)
        : within;
  }

  private NDArray highest(NDArray scores, NDArray pairs) {
    NDArray shut = inverse(pairs).mul(NOT_A_PAIR);
    return TopK.perRow(scores.mul(pairs).add(shut), options.k()).mul(pairs);
  }

  private NDArray teacherHard(NDArray expected, NDArray pairs, NDArray labels) {
    NDArray same = sameIdentity(labels).mul(pairs);
    NDArray strangers = pairs.sub(same);
    return highest(expected, strangers).add(same);
  }

  /** Takes the batch into the bank; call it without gradients, after the optimiser step. */
  void remember(NDArray student, NDArray teacher, NDArray labels, NDArray indices) {
    bank.add(
        indices,
        L2Normalise.of(student),
        L2Normalise.of(teacher),
        labels.toType(DataType.FLOAT32, false).expandDims(1));
    batches++;
  }
}
