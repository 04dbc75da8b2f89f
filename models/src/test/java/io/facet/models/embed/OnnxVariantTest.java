package io.facet.models.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.weights.ModelFile;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxVariantTest {
  private static final CalibrationOptions ALL = new CalibrationOptions(16, 100, 7);
  private static final String CNN = "mobilefacenet: {width: 0.125, embedding: 16, layout: classic}";

  private static OnnxVariant variant(Precision precision) {
    return new OnnxVariant(precision, false, false, ALL);
  }

  private static ModelFile model(String network, Preprocessing preprocessing) {
    String[] parts = network.split(": ", 2);
    return TinyModels.of(parts[0], parts[1], preprocessing);
  }

  private static byte[] export(OnnxVariant variant, ModelFile model) {
    return variant.of(
        OnnxExport.bytes(model), "student.onnx", model.preprocessing(), TinyModels.crops(16, 1));
  }

  private static OnnxEmbedder open(byte[] program) {
    return OnnxEmbedder.open(program, "student.onnx", Optional.empty(), 4, 1);
  }

  private static Map<String, Long> operators(byte[] program) throws InvalidProtocolBufferException {
    return ModelProto.parseFrom(program).getGraph().getNodeList().stream()
        .collect(Collectors.groupingBy(NodeProto::getOpType, Collectors.counting()));
  }

  private static double worstCosine(byte[] one, byte[] other) {
    List<Pixels> crops = TinyModels.crops(6, 2);
    try (OnnxEmbedder left = open(one);
        OnnxEmbedder right = open(other)) {
      float[][] a = left.embed(crops);
      float[][] b = right.embed(crops);
      double worst = 1;
      for (int i = 0; i < a.length; i++) {
        worst = Math.min(worst, EmbeddingMath.cosine(a[i], b[i]));
      }
      return worst;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mobilefacenet: {width: 0.125, embedding: 16, layout: classic}   | 0",
        "mobilefacenet: {width: 0.125, embedding: 16, layout: mbf-large} | 0",
        "mobilefacenet: {width: 0.125, embedding: 16, layout: relu6}     | 0",
        "iresnet: {width: 0.125, depth: 18, embedding: 16}               | 9",
      })
  void foldedNormalisationGivesTheSameEmbeddings(String network, long left) throws Exception {
    ModelFile model = model(network, Preprocessing.STANDARD);
    byte[] folded = export(variant(Precision.FLOAT32), model);
    try (NetworkEmbedder original = NetworkEmbedder.open(model, 4);
        OnnxEmbedder export = open(folded)) {
      assertThat(OnnxExport.difference(original, export, TinyModels.crops(5, 2)))
          .isLessThan(OnnxExport.TOLERANCE);
    }
    assertThat(operators(OnnxExport.bytes(model))).containsKey("BatchNormalization");
    // what stands before a convolution, or behind a flattened map, cannot be folded
    assertThat(operators(folded).getOrDefault("BatchNormalization", 0L)).isEqualTo(left);
  }

  @Test
  void float16HalvesTheFileAndKeepsTheDirection() {
    ModelFile model = model(CNN, Preprocessing.STANDARD);
    byte[] whole = export(variant(Precision.FLOAT32), model);
    byte[] half = export(variant(Precision.FLOAT16), model);
    assertThat(half.length).isLessThan(whole.length * 6 / 10);
    assertThat(worstCosine(whole, half)).isGreaterThan(0.9999);
  }

  /** Eight bits overflow on x86-64 without VNNI, so likeness is loose. */
  @ParameterizedTest
  @CsvSource({"8, 0.8", "7, 0.93"})
  void int8ComputesConvolutionsInWholeNumbers(int weightBits, double alike) throws Exception {
    ModelFile model = model(CNN, Preprocessing.STANDARD);
    byte[] whole = export(variant(Precision.FLOAT32), model);
    byte[] small =
        export(
            new OnnxVariant(
                Precision.INT8, false, false, new CalibrationOptions(16, 100, weightBits)),
            model);
    assertThat(worstCosine(whole, small)).isBetween(alike, 0.999999);
    ModelProto graph = ModelProto.parseFrom(small);
    List<String> dequantised =
        graph.getGraph().getNodeList().stream()
            .filter(node -> node.getOpType().equals("DequantizeLinear"))
            .map(node -> node.getOutput(0))
            .toList();
    assertThat(graph.getGraph().getNodeList())
        .filteredOn(node -> node.getOpType().equals("Conv"))
        .isNotEmpty()
        .allSatisfy(node -> assertThat(dequantised).containsAll(node.getInputList()));
    int largest = (1 << (weightBits - 1)) - 1;
    for (TensorProto tensor : graph.getGraph().getInitializerList()) {
      if (tensor.getName().endsWith(".int8")) {
        for (byte value : tensor.getRawData().toByteArray()) {
          assertThat((int) value).isBetween(-largest, largest);
        }
      }
    }
  }

  @Test
  void aTransformersProductsAreQuantisedToo() throws Exception {
    ModelFile model =
        model(
            "vit: {patch: 28, dim: 16, depth: 2, heads: 2, embedding: 16}", Preprocessing.STANDARD);
    byte[] small = export(variant(Precision.INT8), model);
    assertThat(worstCosine(export(variant(Precision.FLOAT32), model), small)).isGreaterThan(0.95);
    assertThat(
            ModelProto.parseFrom(small).getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().endsWith(".int8"))
                .count())
        .isGreaterThan(4);
  }

  @Test
  void theGraphAddsTheMirrorImage() {
    ModelFile fused = model(CNN, Preprocessing.STANDARD.with(FlipFusion.SUM));
    byte[] inside = export(new OnnxVariant(Precision.FLOAT32, true, false, ALL), fused);
    try (OnnxEmbedder outsideSum = open(OnnxExport.bytes(fused));
        OnnxEmbedder insideSum = open(inside)) {
      assertThat(insideSum.preprocessing().flipFusion()).isEqualTo(FlipFusion.NONE);
      assertThat(OnnxExport.difference(outsideSum, insideSum, TinyModels.crops(3, 2)))
          .isLessThan(OnnxExport.TOLERANCE);
    }
  }

  @Test
  void theMirrorImageIsRefusedWhereTheBatchSizeIsFixed() throws Exception {
    ModelProto.Builder fixed =
        ModelProto.parseFrom(OnnxExport.bytes(model(CNN, Preprocessing.STANDARD))).toBuilder();
    fixed
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDimValue(1);
    OnnxVariant fused = new OnnxVariant(Precision.FLOAT32, true, false, ALL);
    byte[] program = fixed.build().toByteArray();
    assertThatThrownBy(() -> fused.of(program, "phone.onnx", Preprocessing.STANDARD, List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("phone.onnx takes 1 image(s) at once")
        .hasMessageContaining("export the model with a free batch size");
  }

  @Test
  void normalisedEmbeddingsHaveLengthOne() {
    ModelFile model = model(CNN, Preprocessing.STANDARD);
    byte[] bytes = export(new OnnxVariant(Precision.INT8, true, true, ALL), model);
    try (OnnxEmbedder embedder = open(bytes)) {
      for (float[] row : embedder.embed(TinyModels.crops(3, 2))) {
        double squares = 0;
        for (float value : row) {
          squares += (double) value * value;
        }
        assertThat(squares).isEqualTo(1, within(1e-5));
      }
    }
  }

  @Test
  void equalInputsGiveEqualBytes() {
    ModelFile model = model(CNN, Preprocessing.STANDARD);
    assertThat(export(variant(Precision.INT8), model))
        .isEqualTo(export(variant(Precision.INT8), model));
  }

  @Test
  void aRareOutlierIsCutOff() {
    ModelFile model = model(CNN, Preprocessing.STANDARD);
    byte[] all = export(variant(Precision.INT8), model);
    byte[] most =
        export(
            new OnnxVariant(Precision.INT8, false, false, new CalibrationOptions(16, 99, 7)),
            model);
    assertThat(total(most, ".scale")).isLessThan(total(all, ".scale"));
  }

  private static double total(byte[] program, String ending) {
    try {
      return ModelProto.parseFrom(program).getGraph().getInitializerList().stream()
          .filter(tensor -> tensor.getDimsCount() == 0 && tensor.getName().endsWith(ending))
          .mapToDouble(
              tensor ->
                  tensor
                      .getRawData()
                      .asReadOnlyByteBuffer()
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .getFloat())
          .sum();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatCannotBeQuantisedSaysWhy() {
    Preprocessing contract = Preprocessing.STANDARD;
    byte[] pooling = TinyOnnx.withoutWeights().bytes();
    assertThatThrownBy(
            () ->
                variant(Precision.INT8).of(pooling, "pool.onnx", contract, TinyModels.crops(2, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pool.onnx has no convolution")
        .hasMessageContaining("GlobalAveragePool");
    byte[] old = TinyOnnx.of(TensorProto.DataType.FLOAT).embedding().bytes(12);
    assertThatThrownBy(
            () -> variant(Precision.INT8).of(old, "old.onnx", contract, TinyModels.crops(2, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("operator set 12; int8 needs 13");
    ModelFile model = model(CNN, contract);
    assertThatThrownBy(
            () ->
                variant(Precision.INT8)
                    .of(OnnxExport.bytes(model), "student.onnx", contract, List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no aligned face to calibrate student.onnx with");
    byte[] twice = export(variant(Precision.FLOAT16), model);
    assertThatThrownBy(
            () -> variant(Precision.INT8).of(twice, "half.onnx", contract, TinyModels.crops(2, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("half.onnx");
    byte[] broken = {1, 2, 3};
    assertThatThrownBy(
            () -> variant(Precision.FLOAT16).of(broken, "broken.onnx", contract, List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("broken.onnx");
  }

  @Test
  void multiplyAddsOfAConvolutionAreItsOutputsTimesItsWeights() {
    // pooled means times a matrix of 3 by 4
    byte[] tiny = TinyOnnx.of(TensorProto.DataType.FLOAT).embedding().bytes();
    assertThat(MultiplyAdds.of(tiny, "tiny.onnx", Preprocessing.STANDARD)).hasValue(12);
    // width 0.125 of the classic layout: the first convolution alone is 56 * 56 * 8 * 27
    ModelFile model = model(CNN, Preprocessing.STANDARD);
    assertThat(
            MultiplyAdds.of(OnnxExport.bytes(model), "student.onnx", Preprocessing.STANDARD)
                .orElseThrow())
        .isGreaterThan(56 * 56 * 8 * 27);
    assertThat(
            MultiplyAdds.of(
                export(variant(Precision.FLOAT32), model), "student.onnx", Preprocessing.STANDARD))
        .isEqualTo(
            MultiplyAdds.of(OnnxExport.bytes(model), "student.onnx", Preprocessing.STANDARD));
  }
}
