package io.facet.models.quantise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.onnx.FakeQuantisedGraph;
import io.facet.models.onnx.LearntRanges;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.Quantisation.Range;
import io.facet.models.option.Selected;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.PRelu;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network that computes as its int8 export will, see {@link FakeQuantisedGraph}, and learns the
 * ranges of its activations from the batches it is trained on. Its weights are those of the float32
 * network, which it shares. In training too batch normalisation uses its running statistics, which
 * stay, and nothing is dropped out. Before the first batch it computes in float32.
 */
public final class QuantisedNetwork extends Network {
  /** Raised when the same options train another student. */
  public static final int VERSION = 1;

  private static final Set<Class<? extends Layer>> COVERED =
      Set.of(Convolution.class, Linear.class, BatchNormalisation.class, PRelu.class);
  private static final String EMBEDDING = "embedding";

  private final Network network;
  private final QuantisationOptions options;
  private final FakeQuantisedGraph graph;
  private final Map<String, String> taps;
  private final Map<String, Weight> byName = new HashMap<>();
  private final MovingRanges ranges;

  /**
   * @param network initialised, of a kind that {@link #check} accepts; its owner closes it
   */
  public QuantisedNetwork(Network network, QuantisationOptions options) {
    this.network = child("network", network);
    this.options = options;
    OnnxGraph written = new OnnxGraph(network);
    String embedding = ((OnnxExportable) network).writeTo(written, "images");
    graph =
        new FakeQuantisedGraph(
            written
                .build(
                    "images",
                    network.inputShape().getShape(),
                    embedding,
                    EMBEDDING,
                    network.embeddingSize())
                .build(),
            options.weightBits());
    taps = written.taps();
    if (!taps.keySet().equals(network.taps().keySet())) {
      throw new IllegalStateException(
          "the network offers taps %s and names %s in its ONNX graph; a bug of the backbone"
              .formatted(network.taps().keySet(), taps.keySet()));
    }
    byName.putAll(network.weights());
    ranges = new MovingRanges(options);
  }

  /**
   * Whether networks of this kind can learn to compute in int8.
   *
   * @throws RecipeException if they have layers without a fake quantised form
   */
  public static void check(Selected<Backbone<?>> backbone) {
    Network network = Backbone.create(backbone);
    Map<String, Layer> layers = network.layers();
    Set<String> others = new TreeSet<>();
    for (String name : network.weights().keySet()) {
      String layer = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      Layer owner = layers.getOrDefault(layer, network);
      if (!COVERED.contains(owner.getClass())) {
        others.add(owner.getClass().getSimpleName());
      }
    }
    if (!(network instanceof OnnxExportable)) {
      throw new RecipeException(
          "distill.quantisation: backbone '%s' has no ONNX form that could compute in int8; choose mobilefacenet or iresnet, or remove it"
              .formatted(backbone.key()));
    }
    if (!others.isEmpty()) {
      throw new RecipeException(
          "distill.quantisation: backbone '%s' has layers that cannot be trained so (%s); choose mobilefacenet or iresnet, or remove it"
              .formatted(backbone.key(), String.join(", ", others)));
    }
  }

  @Override
  public Features forward(NDArray images, Set<String> wanted, boolean training) {
    if (!training && ranges.isEmpty()) {
      return network.forward(images, wanted, false);
    }
    Set<String> values = new LinkedHashSet<>();
    values.add(EMBEDDING);
    wanted.forEach(tap -> values.add(taps.get(tap)));
    Map<String, NDArray> results =
        run(images, values, training ? ranges::follow : (value, numbers) -> ranges.of(value));
    if (training) {
      ranges.endBatch();
    }
    Map<String, NDArray> kept = new HashMap<>();
    wanted.forEach(tap -> kept.put(tap, results.get(taps.get(tap))));
    return new Features(results.get(EMBEDDING), kept);
  }

  /** Values of its export's graph by name, {@code embedding} among them, in evaluation mode. */
  Map<String, NDArray> values(NDArray images, List<String> names) {
    return run(images, new LinkedHashSet<>(names), (value, numbers) -> ranges.of(value));
  }

  private Map<String, NDArray> run(
      NDArray images, Set<String> values, FakeQuantisedGraph.Ranges known) {
    // This memory layout saves time; all later layers keep it.
    try (NDArray x = TorchOps.channelsLast(images)) {
      return graph.run(
          x,
          name -> Optional.ofNullable(byName.get(name)).map(Weight::array).orElse(null),
          known,
          values);
    }
  }

  /** Lower and upper limit of each value so far. */
  public Map<String, float[]> limits() {
    return ranges.limits();
  }

  /**
   * What the export to int8 needs.
   *
   * @param limits what {@link #limits} gave after a batch
   */
  public LearntRanges learnt(Map<String, float[]> limits) {
    Map<String, Range> learnt = new LinkedHashMap<>();
    for (String value : graph.values()) {
      float[] range = limits.get(value);
      learnt.put(value, new Range(range[0], range[1]));
    }
    return LearntRanges.of(options.weightBits(), learnt);
  }

  /** The ranges so far, for a checkpoint. */
  public Map<String, double[]> state() {
    return ranges.state();
  }

  /** Takes back what {@link #state} gave. */
  public void restore(Map<String, double[]> state) {
    ranges.restore(state);
  }

  @Override
  public int embeddingSize() {
    return network.embeddingSize();
  }

  @Override
  public Shape inputShape() {
    return network.inputShape();
  }

  @Override
  public Map<String, Shape> taps() {
    return network.taps();
  }
}
