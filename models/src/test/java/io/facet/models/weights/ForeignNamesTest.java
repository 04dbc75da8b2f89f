package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.TensorFile;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.Weight;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignNamesTest {
  private static final String SWIN =
      """
      {"image": 16, "patch": 2, "dim": 4, "depths": [1, 2], "heads": [1, 2], "window": 4,
       "embedding": 3}
      """;
  private static final String VIT =
      "{\"image\": 16, \"patch\": 8, \"dim\": 8, \"depth\": 1, \"heads\": 2, \"embedding\": 3}";
  private static final String MBF = "{\"layout\": \"%s\", \"width\": 0.125, \"embedding\": 8}";

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = Torch.newManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Network network(String key, String options) {
    Network network = Backbone.create(RecordBinder.select(Backbone.class, key, options));
    network.initialise(manager, 1);
    return network;
  }

  /** Each weight of the network under another name, filled with a number of its own. */
  private static Map<String, FloatTensor> renamed(Network network, UnaryOperator<String> names) {
    Map<String, FloatTensor> tensors = new TreeMap<>();
    network
        .weights()
        .forEach(
            (name, weight) ->
                tensors.put(
                    names.apply(name), FloatTensor.of(name, weight.shape(), filled(name, weight))));
    return tensors;
  }

  private static float[] filled(String name, Weight weight) {
    float[] values = new float[(int) weight.shape().size()];
    Arrays.fill(values, name.hashCode() % 1000);
    return values;
  }

  private static WarmStartReport start(
      Network network, Map<String, FloatTensor> tensors, WeightNaming naming) {
    return WarmStart.into(network, new TensorFile(tensors, Map.of()), "file", naming);
  }

  private static void assertAllTaken(Network network, WarmStartReport report) {
    assertThat(report.fresh()).isEmpty();
    Map<String, float[]> values = network.save();
    network
        .weights()
        .forEach(
            (name, weight) ->
                assertThat(values.get(name)).as(name).isEqualTo(filled(name, weight)));
  }

  @ParameterizedTest
  @CsvSource({
    "iresnet, '{\"depth\": 18, \"width\": 0.125, \"embedding\": 4}'",
    "vit, '{\"size\": \"tiny\", \"depth\": 1, \"dim\": 8}'"
  })
  void insightfacesResidualNetworksAndTransformersHaveOurNames(String key, String options) {
    try (Network network = network(key, options)) {
      Map<String, FloatTensor> tensors = renamed(network, name -> "module." + name);
      tensors.put("module.bn1.num_batches_tracked", FloatTensor.of("", new Shape(1), new float[1]));
      WarmStartReport report = start(network, tensors, WeightNaming.INSIGHTFACE);
      assertAllTaken(network, report);
      assertThat(report.unused()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"mbf", "mbf-large"})
  void insightfacesMobileFaceNetIsTranslated(String layout) {
    try (Network network = network("mobilefacenet", MBF.formatted(layout))) {
      Map<String, FloatTensor> tensors = renamed(network, ForeignNamesTest::mbfName);
      assertThat(tensors)
          .containsKeys(
              "layers.0.layers.0.weight",
              "layers.2.layers.1.layers.2.weight",
              "layers.3.layers.0.layers.2.layers.1.running_var",
              "conv_sep.layers.0.weight",
              "features.layers.0.layers.1.bias",
              "features.layers.2.weight",
              "features.layers.3.running_mean");
      tensors.put("scale", FloatTensor.of("", new Shape(1), new float[1]));
      WarmStartReport report = start(network, tensors, WeightNaming.INSIGHTFACE);
      assertAllTaken(network, report);
      assertThat(report.unused()).containsExactly("scale");
    }
  }

  /** The name in arcface_torch of one of our weights, step by step the other way round. */
  private static String mbfName(String ours) {
    String name =
        ours.replaceAll("\\.prelu\\.", ".layers.2.")
            .replaceAll("(^|\\.)bn\\.", "$1layers.1.")
            .replaceAll("\\.conv\\.(weight)", ".layers.0.$1")
            .replaceAll("\\.conv\\.layers", ".layers.0.layers")
            .replaceAll("\\.conv_dw\\.layers", ".layers.1.layers")
            .replaceAll("\\.project\\.layers", ".layers.2.layers")
            .replaceAll("\\.model\\.", ".layers.")
            .replace("conv_6_sep", "conv_sep")
            .replace("output_layer.conv_6_dw", "features.layers.0")
            .replace("output_layer.linear", "features.layers.2")
            .replace("output_layer.layers.1", "features.layers.3");
    String[] layers = {
      "conv1", "conv2_dw", "conv_23", "conv_3", "conv_34", "conv_4", "conv_45", "conv_5"
    };
    for (int i = 0; i < layers.length; i++) {
      if (name.startsWith(layers[i] + ".")) {
        return "layers." + i + name.substring(layers[i].length());
      }
    }
    return name;
  }

  @ParameterizedTest
  @CsvSource({"0", "1"})
  void timmsSwinMayOpenOrCloseAStageWithItsMerging(int place) {
    try (Network network = network("swin", SWIN)) {
      Map<String, FloatTensor> tensors =
          renamed(
              network,
              name ->
                  name.replace("layers.0.downsample", "layers.%d.downsample".formatted(place))
                      .replace("output_layer.0.", "norm."));
      tensors.put(
          "layers.0.blocks.0.attn.relative_position_index",
          FloatTensor.of("", new Shape(1), new float[1]));
      WarmStartReport report = start(network, tensors, WeightNaming.TIMM);
      assertAllTaken(network, report);
      assertThat(report.unused()).isEmpty();
    }
  }

  @Test
  void timmsClassTokenIsLeftOut() {
    try (Network network = network("vit", VIT)) {
      Map<String, FloatTensor> tensors = renamed(network, name -> name);
      float[] positions = new float[5 * 8];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = i;
      }
      tensors.put("pos_embed", FloatTensor.of("", new Shape(1, 5, 8), positions));
      tensors.put("cls_token", FloatTensor.of("", new Shape(1, 1, 8), new float[8]));
      WarmStartReport report = start(network, tensors, WeightNaming.TIMM);
      assertThat(report.fresh()).isEmpty();
      assertThat(report.unused()).containsExactly("cls_token");
      assertThat(network.save().get("pos_embed"))
          .isEqualTo(Arrays.copyOfRange(positions, 8, positions.length));
    }
  }

  @Test
  void aBackbonesPrefixGoesAndTheHeadBesideItIsReported() {
    try (Network network = network("vit", VIT)) {
      Map<String, FloatTensor> tensors = renamed(network, name -> "module.backbone." + name);
      tensors.put("module.head.weight", FloatTensor.of("", new Shape(2, 3), new float[6]));
      WarmStartReport report = start(network, tensors, WeightNaming.FACET);
      assertAllTaken(network, report);
      assertThat(report.unused()).containsExactly("head.weight");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_orig_mod.",
        "module._orig_mod.",
        "_orig_mod.module.",
        "model.module.",
        "model._orig_mod.backbone.",
        "net.module.model."
      })
  void prefixesOfWrappersGoInAnyOrder(String prefix) {
    try (Network network = network("vit", VIT)) {
      WarmStartReport report =
          start(network, renamed(network, name -> prefix + name), WeightNaming.FACET);
      assertAllTaken(network, report);
      assertThat(report.unused()).isEmpty();
    }
  }

  @Test
  void aPartMayBeCompiledAlone() {
    try (Network network = network("vit", VIT)) {
      WarmStartReport report =
          start(
              network,
              renamed(
                  network, name -> "module." + name.replace("blocks.0.", "blocks.0._orig_mod.")),
              WeightNaming.FACET);
      assertAllTaken(network, report);
    }
  }
}
