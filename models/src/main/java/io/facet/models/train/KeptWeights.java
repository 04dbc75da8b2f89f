package io.facet.models.train;

import io.facet.models.RecipeException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Remembers the best epoch so far, its weights if they are wanted, and whether to stop. */
final class KeptWeights {
  private static final String COURSE = "course";

  private final Stopping options;
  private int epoch;
  private double best = Double.NEGATIVE_INFINITY;
  private int epochsSince;
  private Map<String, float[]> weights = Map.of();

  KeptWeights(Stopping options) {
    this.options = options;
  }

  /**
   * Takes in the figures of an epoch; of equal epochs the first is best.
   *
   * @param done epochs done, from 1
   * @param current the epoch's weights, asked for only if they are kept
   */
  void validated(int done, Map<String, Double> figures, Supplier<Map<String, float[]>> current) {
    if (!options.watches()) {
      return;
    }
    Double value = figures.get(options.metric());
    if (value == null) {
      throw new RecipeException(
          "stopping.metric: validation measures no '%s'; known: %s"
              .formatted(options.metric(), String.join(", ", figures.keySet())));
    }
    if (value > best) {
      best = value;
      epoch = done;
      epochsSince = 0;
      weights = options.keep() == Stopping.Keep.BEST ? current.get() : Map.of();
    } else {
      epochsSince++;
    }
  }

  /** Whether there have been too many epochs without a better figure. */
  boolean stops() {
    return options.patience().filter(patience -> epochsSince >= patience).isPresent();
  }

  /** Whether an earlier epoch's weights are the result. */
  boolean keepsBest() {
    return options.keep() == Stopping.Keep.BEST && epoch > 0;
  }

  /** The best epoch, from 1; 0 before the first. */
  int epoch() {
    return epoch;
  }

  /** The best epoch's weights; empty unless {@link #keepsBest}. */
  Map<String, float[]> weights() {
    return weights;
  }

  Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    if (epoch > 0) {
      state.put(COURSE, new double[] {epoch, best, epochsSince});
    }
    return state;
  }

  void restore(Map<String, double[]> state, Map<String, float[]> saved) {
    double[] course = state.get(COURSE);
    if (course != null) {
      epoch = (int) course[0];
      best = course[1];
      epochsSince = (int) course[2];
      weights = new HashMap<>(saved);
    }
  }
}
