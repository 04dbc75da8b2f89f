package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.TorchOps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Tells when outputs stop telling faces apart: when their standard deviation over the batch, mean
 * over all elements, falls below a tenth of its first value.
 */
final class CollapseWatch {
  private static final double COLLAPSED = 0.1;

  /** First standard deviation by side. */
  private final Map<String, Double> first = new LinkedHashMap<>();

  /**
   * Takes in the outputs of a batch.
   *
   * @param outputs {@code (B, ...)}; a batch of one tells nothing
   * @return their standard deviation as a share of the first one, if they have collapsed
   */
  OptionalDouble collapsed(String side, NDArray outputs) {
    if (outputs.getShape().get(0) < 2) {
      return OptionalDouble.empty();
    }
    double deviation = HostArray.number(TorchOps.variance(outputs.stopGradient(), 0).sqrt().mean());
    double start = first.computeIfAbsent(side, unseen -> deviation);
    return deviation < COLLAPSED * start
        ? OptionalDouble.of(deviation / start)
        : OptionalDouble.empty();
  }

  /** The first values, for a checkpoint. */
  Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    first.forEach((side, deviation) -> state.put(side, new double[] {deviation}));
    return state;
  }

  /** Takes back what {@link #state} gave. */
  void restore(Map<String, double[]> state) {
    first.clear();
    state.forEach((side, deviation) -> first.put(side, deviation[0]));
  }
}
