package io.facet.models.distill.ukd;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.TopK;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.NewArray;
import java.util.OptionalDouble;

/**
 * ILED: the squared distance of each student direction from its teacher's, averaged with hard
 * samples first. Reconstructed: the paper's formula could not be read.
 */
final class IndividualErrors {
  private final IledOptions options;

  /** Running mean of the error, float64; stays on the device, where no step waits for it. */
  private final NDArray threshold;

  private boolean begun;

  /** Errors before the first batch, whose state lives as long as the manager. */
  IndividualErrors(IledOptions options, NDManager manager, Device device) {
    this.options = options;
    threshold = NewArray.upload(manager.newSubManager().create(0.0), device);
  }

  /** Running mean of the error; empty before the first batch or without a threshold. */
  OptionalDouble threshold() {
    return begun ? OptionalDouble.of(HostArray.precise(threshold)) : OptionalDouble.empty();
  }

  void restore(double saved) {
    threshold.muli(0).addi(saved);
    begun = true;
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
    double kept = begun ? options.momentum() : 0;
    NDArray mean = errors.mean().toType(DataType.FLOAT64, false);
    threshold.muli(kept).addi(mean.mul(1 - kept));
    begun = true;
    try (NDArray now = threshold.toType(DataType.FLOAT32, true)) {
      return errors.gt(now).toType(DataType.FLOAT32, false).mul((float) options.kappa()).add(1);
    }
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
