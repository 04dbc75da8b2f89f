package io.facet.models.weights;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.TensorFile;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import java.util.Map;
import java.util.Optional;

/** Weights somebody else trained, for a network that is known. */
public final class ForeignWeights {
  private ForeignWeights() {}

  /**
   * The model of a weights file. Every weight of the network must come from the file: nothing is
   * guessed.
   *
   * @param name of the file, for error messages
   * @throws DataException if a weight is missing or has another shape; the message names one
   */
  public static ModelFile model(
      TensorFile file,
      String name,
      Selected<Backbone<?>> backbone,
      Preprocessing preprocessing,
      WeightNaming naming) {
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 0);
      Map<String, String> fresh = WarmStart.into(network, file, name, naming).fresh();
      if (!fresh.isEmpty()) {
        Map.Entry<String, String> first = fresh.entrySet().iterator().next();
        throw new DataException(
            "%s does not fill the network %s %s: %d tensors are missing or of another shape, such as '%s' (%s); correct backbone or naming"
                .formatted(
                    name,
                    backbone.key(),
                    backbone.json(),
                    fresh.size(),
                    first.getKey(),
                    first.getValue()));
      }
      return new ModelFile(backbone, preprocessing, network.save(), Optional.empty(), Map.of());
    }
  }
}
