package io.facet.models.weights;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.backbone.Network;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.TensorFile;
import io.facet.models.format.WeightsFile;
import io.facet.models.tensor.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Starts a network from weights of another one, as far as names and shapes fit. */
public final class WarmStart {
  /** What DDP, Lightning and networks inside networks put before names. */
  private static final List<String> WRAPPERS = List.of("module.", "model.", "backbone.", "net.");

  /** What torch.compile puts into names, wherever the compiled part begins. */
  private static final String COMPILED = "_orig_mod.";

  private static final List<String> COMPUTED =
      List.of("num_batches_tracked", "relative_position_index", "attn_mask");

  private WarmStart() {}

  /**
   * Replaces those weights the file has; the others keep their values.
   *
   * @param network initialised
   * @throws DataException if the file is malformed or no tensor fits
   */
  public static WarmStartReport into(Network network, Path file, WeightNaming naming) {
    return into(network, WeightsFile.read(file), file.toString(), naming);
  }

  /**
   * Replaces those weights the file has; the others keep their values.
   *
   * @param name of the file, for error messages
   */
  public static WarmStartReport into(
      Network network, TensorFile file, String name, WeightNaming naming) {
    Map<String, FloatTensor> given = unwrapped(file.tensors(), network);
    CheckpointMapping mapping =
        switch (naming) {
          case FACET -> new CheckpointMapping(given, new TreeSet<>());
          case TIMM -> TimmMapping.of(given, network);
          case INSIGHTFACE -> InsightFaceMapping.of(given, network);
          case XIAOCCER -> MobileFaceNetMapping.xiaoccer(given, network);
          case FOAMLIU -> MobileFaceNetMapping.foamliu(given, network);
        };
    Map<String, float[]> values = network.save();
    List<String> taken = new ArrayList<>();
    Map<String, String> fresh = new TreeMap<>();
    TreeSet<String> unused = new TreeSet<>(mapping.tensors().keySet());
    long count = 0;
    long all = 0;
    for (Map.Entry<String, Weight> entry : new TreeMap<>(network.weights()).entrySet()) {
      String weight = entry.getKey();
      FloatTensor tensor = mapping.tensors().get(weight);
      all += entry.getValue().shape().size();
      if (tensor == null) {
        fresh.put(weight, "not in the file");
      } else if (!tensor.shape().equals(entry.getValue().shape())) {
        fresh.put(
            weight,
            "shape %s in the file, %s here".formatted(tensor.shape(), entry.getValue().shape()));
        unused.remove(weight);
      } else {
        values.put(weight, tensor.values());
        taken.add(weight);
        unused.remove(weight);
        count += tensor.values().length;
      }
    }
    if (taken.isEmpty()) {
      throw new DataException(
          "%s: none of its %d tensors (%s ...) fits the network when named as %s; choose another naming of %s"
              .formatted(
                  name,
                  given.size(),
                  given.keySet().stream().findFirst().orElse("none"),
                  lower(naming),
                  List.of(WeightNaming.values()).stream().map(WarmStart::lower).toList()));
    }
    NDManager manager = network.weights().values().iterator().next().array().getManager();
    network.load(manager, values);
    unused.addAll(mapping.unused());
    return new WarmStartReport(taken, fresh, List.copyOf(unused), (double) count / all);
  }

  private static String lower(WeightNaming naming) {
    return naming.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Names without the prefixes of wrappers, in whatever order, unless the network has such names;
   * without what other libraries store beside weights and compute anew.
   */
  private static Map<String, FloatTensor> unwrapped(
      Map<String, FloatTensor> tensors, Network network) {
    Map<String, FloatTensor> given = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (COMPUTED.stream().noneMatch(name::endsWith)) {
            given.put(shortened(name, network), tensor);
          }
        });
    return given;
  }

  private static String shortened(String name, Network network) {
    String rest = name.replace(COMPILED, "");
    String before;
    do {
      before = rest;
      for (String wrapper : WRAPPERS) {
        if (rest.startsWith(wrapper)
            && network.weights().keySet().stream().noneMatch(own -> own.startsWith(wrapper))) {
          rest = rest.substring(wrapper.length());
        }
      }
    } while (!rest.equals(before));
    return rest;
  }

  /**
   * A file's tensors under this project's names.
   *
   * @param unused tensors without a counterpart here, by the file's names
   */
  record CheckpointMapping(Map<String, FloatTensor> tensors, TreeSet<String> unused) {}
}
