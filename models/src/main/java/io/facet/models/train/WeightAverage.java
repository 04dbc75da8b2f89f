package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The moving average of some layers' weights, running statistics included. */
final class WeightAverage implements AutoCloseable {
  private final Averaging options;
  private final NDManager manager;
  private final List<String> names = new ArrayList<>();
  private final List<Weight> weights = new ArrayList<>();
  private final List<NDArray> averages = new ArrayList<>();

  /** Begins at the weights as they are. */
  WeightAverage(Averaging options, NDManager root, Map<String, Layer> layers) {
    this.options = options;
    manager = root.newSubManager();
    layers.forEach(
        (group, layer) ->
            layer
                .weights()
                .forEach(
                    (name, weight) -> {
                      names.add(group + "/" + name);
                      weights.add(weight);
                      averages.add(array(HostArray.floats(weight.array()), weight));
                    }));
  }

  private NDArray array(float[] values, Weight weight) {
    return NewArray.of(
        manager, weight.array().getDevice(), FloatBuffer.wrap(values), weight.shape());
  }

  /**
   * Takes in the weights after an optimiser step.
   *
   * @param step optimiser steps done, from 1
   */
  void update(long step) {
    try (TensorScope quiet = TensorScope.inference(manager)) {
      List<NDArray> now = weights.stream().map(Weight::array).toList();
      TorchOps.moveTowards(averages, now, 1 - options.at(step));
    }
  }

  /** The averages by {@code GROUP/NAME}. */
  Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), HostArray.floats(averages.get(i)));
    }
    return values;
  }

  /** Takes back what {@link #values} gave. */
  void load(Map<String, float[]> values) {
    for (int i = 0; i < names.size(); i++) {
      float[] saved = values.get(names.get(i));
      if (saved == null || saved.length != weights.get(i).shape().size()) {
        throw new DataException(
            "the checkpoint has no average of '%s'; remove it to start anew"
                .formatted(names.get(i)));
      }
      averages.set(i, array(saved, weights.get(i))).close();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
