package io.facet.models.weights;

import io.facet.models.DataException;
import io.facet.models.format.FloatTensor;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the tensors of a file with the weights of a layer. */
public final class WeightFit {
  private static final int SHOWN = 3;

  private WeightFit() {}

  /**
   * Checks that each weight has exactly its tensor.
   *
   * @param file named in the error
   * @throws DataException if a tensor is missing, has another shape or is not needed; the message
   *     names the first ones
   */
  public static void check(Layer layer, Map<String, FloatTensor> tensors, String file) {
    Map<String, Weight> weights = new TreeMap<>(layer.weights());
    List<String> faults = new ArrayList<>();
    weights.forEach(
        (name, weight) -> {
          FloatTensor tensor = tensors.get(name);
          if (tensor == null) {
            faults.add("tensor '%s' %s is missing".formatted(name, weight.shape()));
          } else if (!tensor.shape().equals(weight.shape())) {
            faults.add(
                "tensor '%s' has shape %s, needs %s"
                    .formatted(name, tensor.shape(), weight.shape()));
          }
        });
    for (String name : tensors.keySet()) {
      if (!weights.containsKey(name)) {
        faults.add("tensor '" + name + "' is unknown to the network");
      }
    }
    if (!faults.isEmpty()) {
      throw new DataException(
          "%s does not fit the network: %s%s"
              .formatted(
                  file,
                  String.join("; ", faults.subList(0, Math.min(SHOWN, faults.size()))),
                  faults.size() > SHOWN ? " and " + (faults.size() - SHOWN) + " more" : ""));
    }
  }
}
