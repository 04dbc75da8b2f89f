package io.facet.models.distill.ukd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.TopK;
import io.facet.models.tensor.L2Normalise;

/**
 * ILED: the squared distance of each student direction from its teacher's, averaged with hard
 * samples first. Reconstructed: the paper's formula could not be read.
 */
final class IndividualErrors {
  private final IledOptions options;
  private double threshold;

  /**
   * @param threshold running mean of the error; NaN before the first batch
   */
  IndividualErrors(IledOptions options, double threshold) {
    this.options = options;
    this.threshold = threshold;
  }

  /** Running mean of the error; NaN before the first batch or without a threshold. */
  double threshold() {
    return threshold;
  }

  void restore(double saved) {
    threshold = saved;
  }

  /**
   * Weighted mean of the errors; no gradient passes through the weights.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d)}, taken as a constant
   * @param rho share of the batch that counts with {@link HardMining#TOPK}
   * @return a scalar
   */
  NDArray loss(NDArray student, NDArray teacher, double rho) {
    MatchingShapes.require(student, teacher);
    NDArray errors =
        L2Normalise.of(student)
            .sub(L2Normalise.of(teacher.stopGradient()))
            .square()
            .sum(new int[] {-1});
    return switch (options.hardMining()) {
      case NONE -> errors.mean();
      case THRESHOLD -> weighted(errors, aboveThreshold(errors.stopGradient()));
      case TOPK -> weighted(errors, hardest(errors, rho));
    };
  }

  /** The running mean takes in the batch first and is used then. */
  private NDArray aboveThreshold(NDArray errors) {
    double mean = errors.mean().getFloat();
    threshold =
        Double.isNaN(threshold)
            ? mean
            : options.momentum() * threshold + (1 - options.momentum()) * mean;
    return errors
        .gt((float) threshold)
        .toType(DataType.FLOAT32, false)
        .mul((float) options.kappa())
        .add(1);
  }

  private static NDArray hardest(NDArray errors, double rho) {
    long batch = errors.getShape().get(0);
    int count = (int) Math.max(1, Math.rint(rho * batch));
    return TopK.perRow(errors.expandDims(0), count).squeeze(0);
  }

  private static NDArray weighted(NDArray errors, NDArray weights) {
    return errors.mul(weights).sum().div(weights.sum());
  }
}
