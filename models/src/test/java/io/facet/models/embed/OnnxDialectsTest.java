package io.facet.models.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxProgram;
import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX models as other people export them. */
class OnnxDialectsTest {
  private static final int RED = 250;
  private static final int GREEN = 100;
  private static final int BLUE = 10;

  private static float[] embed(byte[] model) {
    byte[] bgr = new byte[112 * 112 * 3];
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = (byte) BLUE;
      bgr[i + 1] = (byte) GREEN;
      bgr[i + 2] = (byte) RED;
    }
    try (OnnxEmbedder embedder =
        OnnxEmbedder.open(model, "tiny.onnx", Optional.of(Preprocessing.STANDARD), 2, 1)) {
      float[] embedding = embedder.embed(List.of(new Pixels(112, 112, bgr)))[0];
      assertThat(embedder.embeddingSize()).isEqualTo(embedding.length);
      return embedding;
    }
  }

  private static float scaled(int pixel) {
    return (pixel / 255f - 0.5f) / 0.5f;
  }

  private static void assertTheMeans(float[] embedding) {
    float[] means = {scaled(RED), scaled(GREEN), scaled(BLUE), 0};
    means[3] = means[0] + means[1] + means[2];
    assertThat(embedding).containsExactly(means, Offset.offset(2e-3f));
  }

  private static void assertRefused(TinyOnnx model, String... words) {
    assertThatThrownBy(() -> embed(model.bytes()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("tiny.onnx")
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "FLOAT16", "DOUBLE"})
  void imagesAreMadeInTheTypeTheModelTakes(DataType type) {
    assertTheMeans(embed(TinyOnnx.of(type).embedding().bytes()));
  }

  @Test
  void bytesArePixelsAsTheyAre() {
    byte[] model = TinyOnnx.of(DataType.UINT8).embedding().bytes();
    assertThat(embed(model))
        .containsExactly(new float[] {RED, GREEN, BLUE, RED + GREEN + BLUE}, Offset.offset(0.01f));
    try (OnnxEmbedder embedder =
        OnnxEmbedder.open(model, "tiny.onnx", Optional.of(Preprocessing.STANDARD), 2, 1)) {
      assertThat(embedder.preprocessing().mean()).containsExactly(0.0, 0.0, 0.0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT32", "INT8", "INT64"})
  void otherTypesAreRefusedByName(DataType type) {
    assertRefused(TinyOnnx.of(type).embedding(), type.name(), "export it with float32 input");
  }

  @Test
  void channelsLastAreRefused() {
    assertRefused(
        TinyOnnx.of(DataType.FLOAT, 112, 112, 3).embedding(), "channels last", "(N, 3, H, W)");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT16", "DOUBLE"})
  void embeddingsMayHaveAnotherType(DataType type) {
    TinyOnnx model = TinyOnnx.of(DataType.FLOAT).output("cast", type, 4);
    model
        .node("Cast", "embedding", "cast")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.getNumber()));
    assertTheMeans(embed(model.bytes()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theEmbeddingIsFoundByItsShape(boolean said) {
    TinyOnnx model = TinyOnnx.of(DataType.FLOAT);
    model
        .node("ReduceL2", "embedding", "norm")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axes")
                .setType(AttributeProto.AttributeType.INTS)
                .addInts(1));
    if (said) {
      model.output("norm", DataType.FLOAT, 1).output("numbers", DataType.FLOAT, 3, 112, 112);
      model.embedding();
    } else {
      model.openOutput("norm").openOutput("numbers").openOutput("embedding");
    }
    assertTheMeans(embed(model.bytes()));
  }

  @Test
  void oneIsAskedForWhereSeveralMayBeMeant() {
    TinyOnnx model = TinyOnnx.of(DataType.FLOAT).embedding().output("means", DataType.FLOAT, 3);
    assertRefused(model, "'embedding' FLOAT [-1, 4]", "'means' FLOAT [-1, 3]", "--output NAME");
    byte[] named = OnnxProgram.withOutput(model.bytes(), "tiny.onnx", "embedding");
    assertTheMeans(embed(named));
    assertThatThrownBy(() -> OnnxProgram.withOutput(model.bytes(), "tiny.onnx", "norm"))
        .isInstanceOf(DataException.class)
        .hasMessage("tiny.onnx has no output 'norm'; it has [embedding, means]");
  }

  @Test
  void aModelWithoutEmbeddingsIsRefused() {
    assertRefused(
        TinyOnnx.of(DataType.FLOAT).output("numbers", DataType.FLOAT, 3, 112, 112),
        "gives no embeddings",
        "'numbers' FLOAT [-1, 3, 112, 112]");
  }

  @Test
  void weightsMayLieBesideTheModel() {
    byte[] matrix = TinyOnnx.matrix();
    byte[] file = new byte[5 + matrix.length];
    System.arraycopy(matrix, 0, file, 5, matrix.length);
    byte[] model =
        TinyOnnx.of(DataType.FLOAT).external("./w/m.data", 5, matrix.length).embedding().bytes();
    assertThat(OnnxProgram.files(model, "tiny.onnx")).containsExactly("w/m.data");
    assertTheMeans(embed(OnnxProgram.whole(model, "tiny.onnx", location -> file)));

    assertWholeRefused(model, location -> Arrays.copyOf(file, 20), "ends at byte 53");
    assertWholeRefused(
        model,
        location -> {
          throw new FileNotFoundException(location);
        },
        "keeps its weights in 'w/m.data' beside it");
    assertWholeRefused(
        model,
        location ->
            "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.US_ASCII),
        "w/m.data beside tiny.onnx is a Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "/etc/passwd", "", "a/../../b"})
  void weightsNeverLieOutsideTheModelsFolder(String location) {
    byte[] model = TinyOnnx.of(DataType.FLOAT).external(location, 0, 4).embedding().bytes();
    assertWholeRefused(model, place -> new byte[100], "outside the model's folder");
  }

  private static void assertWholeRefused(byte[] model, OnnxProgram.Beside beside, String message) {
    assertThatThrownBy(() -> OnnxProgram.whole(model, "tiny.onnx", beside))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("tiny.onnx")
        .hasMessageContaining(message);
  }
}
