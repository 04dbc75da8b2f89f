package io.facet.models.quantise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.embed.CalibrationOptions;
import io.facet.models.embed.OnnxExport;
import io.facet.models.embed.OnnxVariant;
import io.facet.models.embed.Precision;
import io.facet.models.embed.TinyModels;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.LearntRanges;
import io.facet.models.option.RecordBinder;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantisedNetworkTest {
  private static final Preprocessing CONTRACT = Preprocessing.STANDARD;
  private static final int CROPS = 4;

  private final NDManager manager = Torch.newManager();

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  private static ModelFile mobileFaceNet(String layout) {
    return TinyModels.of(
        "mobilefacenet", "{width: 0.125, embedding: 16, layout: %s}".formatted(layout), CONTRACT);
  }

  private QuantisedNetwork quantised(ModelFile model) {
    return new QuantisedNetwork(model.open(manager), new QuantisationOptions(7, 2, 99.99));
  }

  /** Shows a network as many batches as it takes its ranges from. */
  private void learnRanges(Network network) {
    for (int batch = 0; batch < 2; batch++) {
      try (TensorScope scope = TensorScope.training(manager, network)) {
        network.embed(images(scope.manager(), batch), true);
      }
    }
  }

  private static NDArray images(NDManager into, int seed) {
    FloatBuffer numbers = FloatBuffer.allocate(CROPS * CropTensor.size(CONTRACT));
    for (Pixels crop : TinyModels.crops(CROPS, seed)) {
      CropTensor.put(crop, CONTRACT, false, numbers);
    }
    return Torch.array(into, numbers.rewind(), new Shape(CROPS, 3, 112, 112));
  }

  private float[] embeddings(Network network) {
    try (TensorScope scope = TensorScope.inference(manager, network)) {
      return network.embed(images(scope.manager(), 5), false).toFloatArray();
    }
  }

  private static byte[] int8(ModelFile model) {
    return new OnnxVariant(Precision.INT8, false, false, new CalibrationOptions(1, 100, 8))
        .of(OnnxExport.bytes(model), "student.onnx", CONTRACT, List.of());
  }

  private static ModelFile withRanges(ModelFile model, QuantisedNetwork network) {
    return model.withNote(LearntRanges.NOTE, network.learnt(network.limits()).note());
  }

  /**
   * The embeddings of training's forward pass and of ONNX Runtime, value by value on the way. Equal
   * numbers are rounded to equal steps; but sums are added up in another order, so in the end one
   * that lies in the middle of two steps falls to the other side and changes what is behind it.
   * Until then all is the same; and the embeddings stay closer to each other than to float32's.
   */
  @ParameterizedTest
  @CsvSource({
    "mobilefacenet, classic",
    "mobilefacenet, mbf-large",
    "mobilefacenet, relu6",
    "iresnet, "
  })
  void computesWhatItsExportComputes(String backbone, String layout) throws Exception {
    ModelFile model =
        layout == null
            ? TinyModels.of(backbone, "{width: 0.125, depth: 18, embedding: 16}", CONTRACT)
            : mobileFaceNet(layout);
    QuantisedNetwork network = quantised(model);
    learnRanges(network);
    byte[] exported = int8(withRanges(model, network));
    try (TensorScope scope = TensorScope.inference(manager, network)) {
      NDArray images = images(scope.manager(), 5);
      ExportedValues onRuntime = ExportedValues.of(exported, images.toFloatArray(), CROPS);
      Map<String, NDArray> inTraining = network.values(images, onRuntime.names());
      List<String> first = onRuntime.names().subList(0, 5);
      for (String value : first) {
        float[] expected = onRuntime.numbers(value);
        float[] actual = inTraining.get(value).toFloatArray();
        assertThat(actual).as(value).hasSameSizeAs(expected);
        int differing = 0;
        for (int i = 0; i < expected.length; i++) {
          differing += Math.abs(actual[i] - expected[i]) > 1e-6 ? 1 : 0;
        }
        assertThat(differing).as(value).isLessThanOrEqualTo(expected.length / 1000);
      }
      float[][] int8 = rows(onRuntime.numbers("embedding"));
      float[][] trained = rows(inTraining.get("embedding").toFloatArray());
      float[][] float32 = rows(embeddings(model.open(manager)));
      for (int i = 0; i < CROPS; i++) {
        assertThat(EmbeddingMath.cosine(trained[i], int8[i])).isGreaterThan(0.985);
      }
      assertThat(meanCosine(trained, int8)).isGreaterThan(meanCosine(float32, int8));
    }
  }

  private static float[][] rows(float[] embeddings) {
    int width = embeddings.length / CROPS;
    float[][] rows = new float[CROPS][];
    for (int i = 0; i < CROPS; i++) {
      rows[i] = Arrays.copyOfRange(embeddings, i * width, (i + 1) * width);
    }
    return rows;
  }

  private static double meanCosine(float[][] some, float[][] others) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += EmbeddingMath.cosine(some[i], others[i]);
    }
    return sum / some.length;
  }

  @Test
  void gradientsReachEveryTrainedWeight() {
    QuantisedNetwork network = quantised(mobileFaceNet("mbf-large"));
    try (TensorScope scope = TensorScope.training(manager, network)) {
      scope.backward(network.embed(images(scope.manager(), 1), true).square().sum());
      network
          .weights()
          .forEach(
              (name, weight) -> {
                if (weight.trainable()) {
                  float[] gradient = weight.array().getGradient().toFloatArray();
                  double sum = 0;
                  for (float value : gradient) {
                    sum += Math.abs(value);
                  }
                  assertThat(sum).as(name).isPositive().isFinite();
                }
              });
    }
  }

  @Test
  void statisticsOfBatchNormalisationStay() {
    ModelFile model = mobileFaceNet("relu6");
    QuantisedNetwork network = quantised(model);
    learnRanges(network);
    network
        .save()
        .forEach(
            (name, values) ->
                assertThat(values).as(name).isEqualTo(model.weights().get(name.substring(8))));
  }

  @Test
  void beforeTheFirstBatchItIsTheNetworkItself() {
    ModelFile model = mobileFaceNet("relu6");
    QuantisedNetwork network = quantised(model);
    float[] itself = embeddings(model.open(manager));
    assertThat(embeddings(network)).isEqualTo(itself);
    learnRanges(network);
    assertThat(embeddings(network)).isNotEqualTo(itself);
  }

  @Test
  void rangesStayAfterTheBatchesTheyFollow() {
    QuantisedNetwork network = quantised(mobileFaceNet("relu6"));
    learnRanges(network);
    LearntRanges after = network.learnt(network.limits());
    try (TensorScope scope = TensorScope.training(manager, network)) {
      network.embed(images(scope.manager(), 9).mul(3), true);
    }
    assertThat(network.learnt(network.limits())).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilefacenet", "iresnet"})
  void tapsHaveTheirShapes(String backbone) {
    ModelFile model = TinyModels.of(backbone, "{width: 0.125, embedding: 16}", CONTRACT);
    QuantisedNetwork network = quantised(model);
    Set<String> taps = network.taps().keySet();
    try (TensorScope scope = TensorScope.training(manager, network)) {
      Features features = network.forward(images(scope.manager(), 1), taps, true);
      assertThat(features.taps()).containsOnlyKeys(taps);
      features
          .taps()
          .forEach(
              (tap, values) ->
                  assertThat(values.getShape().slice(1)).isEqualTo(network.taps().get(tap)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vit      | LayerNormalisation",
        "swin     | LayerNormalisation",
        "edgenext | LayerNormalisation",
      })
  void transformersAreRefused(String backbone, String layer) {
    assertThatThrownBy(
            () -> QuantisedNetwork.check(RecordBinder.select(Backbone.class, backbone, "{}")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("distill.quantisation: backbone '" + backbone + "'")
        .hasMessageContaining(layer)
        .hasMessageContaining("choose mobilefacenet or iresnet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilefacenet", "iresnet"})
  void networksOfConvolutionsAreNotRefused(String backbone) {
    assertThatCode(
            () -> QuantisedNetwork.check(RecordBinder.select(Backbone.class, backbone, "{}")))
        .doesNotThrowAnyException();
  }

  @Test
  void rangesOfAnotherNetworkOrDamagedOnesAreRefused() {
    ModelFile model = mobileFaceNet("relu6");
    QuantisedNetwork other = quantised(mobileFaceNet("classic"));
    learnRanges(other);
    assertThatThrownBy(() -> int8(withRanges(model, other)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("student.onnx keeps ranges that were learnt for another graph");
    assertThatThrownBy(() -> int8(model.withNote(LearntRanges.NOTE, "{\"weightBits\": 7")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("student.onnx: the note 'quantisation' holds no ranges");
  }

  @Test
  void otherFormsOfTheModelDoNotKeepItsRanges() throws Exception {
    ModelFile model = mobileFaceNet("relu6");
    QuantisedNetwork network = quantised(model);
    learnRanges(network);
    byte[] program = OnnxExport.bytes(withRanges(model, network));
    OnnxVariant plain =
        new OnnxVariant(Precision.FLOAT32, false, false, new CalibrationOptions(1, 100, 8));
    OnnxVariant int8 =
        new OnnxVariant(Precision.INT8, false, false, new CalibrationOptions(1, 100, 8));
    assertThat(int8.needsCrops(program, "student.onnx")).isFalse();
    byte[] folded = plain.of(program, "student.onnx", CONTRACT, List.of());
    assertThat(int8.of(folded, "folded.onnx", CONTRACT, List.of()))
        .isEqualTo(int8.of(program, "student.onnx", CONTRACT, List.of()));
    byte[] half =
        new OnnxVariant(Precision.FLOAT16, false, false, new CalibrationOptions(1, 100, 8))
            .of(program, "student.onnx", CONTRACT, List.of());
    assertThat(int8.needsCrops(half, "half.onnx")).isTrue();
  }
}
