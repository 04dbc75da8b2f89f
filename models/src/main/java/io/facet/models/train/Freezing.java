package io.facet.models.train;

import io.facet.models.RecipeException;
import io.facet.models.backbone.Network;
import io.facet.models.option.Description;
import io.facet.models.tensor.BatchNormalisation;
import java.util.List;
import java.util.TreeSet;

/** What of a network stays as it starts: for students that start from trained weights. */
public record Freezing(
    @Description(
            value =
                "layers that do not learn, by name or by the beginning of dotted names, such as"
                    + " conv1 or stages.0; their running statistics stay too",
            defaultValue = "[]")
        List<String> layers,
    @Description(
            value =
                "whether every batch normalisation keeps its running statistics and normalises by"
                    + " them",
            defaultValue = "false")
        boolean statistics) {

  /**
   * Freezes.
   *
   * @throws RecipeException if a name fits no layer
   */
  void apply(Network network) {
    for (String layer : layers) {
      freeze(network, layer);
    }
    if (statistics) {
      network.layers().values().forEach(Freezing::freezeStatistics);
    }
  }

  private static void freeze(Network network, String prefix) {
    long found =
        network.weights().entrySet().stream()
            .filter(entry -> below(entry.getKey(), prefix))
            .peek(entry -> entry.getValue().setTrainable(false))
            .count();
    if (found == 0) {
      TreeSet<String> known = new TreeSet<>();
      network.weights().keySet().forEach(name -> known.add(name.split("\\.", 2)[0]));
      throw new RecipeException(
          "freezing.layers: the network has no layer '%s'; its outermost layers: %s"
              .formatted(prefix, String.join(", ", known)));
    }
    network.layers().entrySet().stream()
        .filter(entry -> below(entry.getKey(), prefix))
        .forEach(entry -> freezeStatistics(entry.getValue()));
  }

  private static boolean below(String name, String prefix) {
    return name.equals(prefix) || name.startsWith(prefix + ".");
  }

  private static void freezeStatistics(io.facet.models.tensor.Layer layer) {
    if (layer instanceof BatchNormalisation normalisation) {
      normalisation.freezeStatistics();
    }
  }
}
