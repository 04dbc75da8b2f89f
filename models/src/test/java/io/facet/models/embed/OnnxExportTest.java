package io.facet.models.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.weights.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxExportTest {
  private static final Preprocessing FUSED =
      new Preprocessing(
          Preprocessing.ColourOrder.BGR,
          112,
          112,
          List.of(0.4, 0.5, 0.6),
          List.of(0.3, 0.5, 0.5),
          Preprocessing.ARCFACE_112,
          Preprocessing.FlipFusion.SUM);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mobilefacenet | {width: 0.125, layout: classic}",
        "mobilefacenet | {width: 0.125, layout: mbf}",
        "mobilefacenet | {width: 0.125, layout: mbf-large}",
        "mobilefacenet | {width: 0.125, layout: relu6}",
        "iresnet       | {width: 0.125, depth: 18}",
        "vit           | {patch: 30, dim: 8, depth: 2, heads: 2}",
        "vit           | {patch: 28, dim: 8, depth: 2, heads: 2, pooling: mean, activation: gelu, attentionBias: true}",
        "vit           | {patch: 16, stem: convolution, dim: 8, depth: 1, heads: 2}",
        "swin          | {patch: 14, dim: 8, depths: [2, 1], heads: [1, 2], window: 4}",
        "swin          | {image: 224, patch: 28, dim: 8, depths: [2], heads: [2], window: 4}",
        "edgenext      | {size: xx-small}"
      })
  void anExportEmbedsLikeItsOriginal(String key, String options) {
    ModelFile model =
        TinyModels.of(key, options.replace("}", ", embedding: 8}"), Preprocessing.STANDARD);
    try (NetworkEmbedder original = NetworkEmbedder.open(model, 4);
        OnnxEmbedder export =
            OnnxEmbedder.open(OnnxExport.bytes(model), "student.onnx", Optional.empty(), 3, 1)) {
      assertThat(export.embeddingSize()).isEqualTo(8);
      assertThat(OnnxExport.difference(original, export, crops(5)))
          .isLessThan(OnnxExport.TOLERANCE);
    }
  }

  @Test
  void theExportCarriesThePreprocessing() {
    ModelFile model = model("classic", FUSED);
    byte[] bytes = OnnxExport.bytes(model);
    try (NetworkEmbedder original = NetworkEmbedder.open(model, 2);
        OnnxEmbedder export = OnnxEmbedder.open(bytes, "student.onnx", Optional.empty(), 2, 1)) {
      assertThat(export.preprocessing()).isEqualTo(FUSED);
      assertThat(OnnxExport.difference(original, export, crops(2)))
          .isLessThan(OnnxExport.TOLERANCE);
    }
    assertThatThrownBy(
            () ->
                OnnxEmbedder.open(bytes, "student.onnx", Optional.of(Preprocessing.STANDARD), 2, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("student.onnx");
  }

  @Test
  void equalModelsGiveEqualBytes() {
    assertThat(OnnxExport.bytes(model("classic", FUSED)))
        .isEqualTo(OnnxExport.bytes(model("classic", FUSED)));
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(
            () -> OnnxEmbedder.open(new byte[] {1, 2, 3}, "broken.onnx", Optional.of(FUSED), 1, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("broken.onnx");
  }

  @Test
  void embeddingsDoNotDependOnTheNeighbours() {
    List<Pixels> crops = crops(5);
    try (NetworkEmbedder embedder = NetworkEmbedder.open(model("classic", FUSED), 2)) {
      float[][] together = embedder.embed(crops);
      for (int i = 0; i < crops.size(); i++) {
        assertThat(embedder.embed(crops.subList(i, i + 1))[0]).isEqualTo(together[i]);
      }
    }
  }

  @Test
  void flipFusionAddsTheMirrorImage() {
    Pixels crop = crops(1).get(0);
    ModelFile fused = model("classic", FUSED);
    Preprocessing single =
        new Preprocessing(
            FUSED.colourOrder(),
            112,
            112,
            FUSED.mean(),
            FUSED.standardDeviation(),
            FUSED.template(),
            Preprocessing.FlipFusion.NONE);
    ModelFile plain =
        new ModelFile(fused.backbone(), single, fused.weights(), Optional.empty(), fused.notes());
    try (NetworkEmbedder both = NetworkEmbedder.open(fused, 1);
        NetworkEmbedder one = NetworkEmbedder.open(plain, 1)) {
      float[] a = one.embed(List.of(crop))[0];
      float[] b = one.embed(List.of(crop.mirrored()))[0];
      float[] sum = both.embed(List.of(crop))[0];
      for (int i = 0; i < sum.length; i++) {
        assertThat(sum[i]).isEqualTo(a[i] + b[i]);
      }
    }
  }

  private static List<Pixels> crops(int count) {
    Random random = new Random(7);
    List<Pixels> crops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[112 * 112 * 3];
      random.nextBytes(bytes);
      crops.add(new Pixels(112, 112, bytes));
    }
    return crops;
  }

  private static ModelFile model(String layout, Preprocessing preprocessing) {
    return TinyModels.of(
        "mobilefacenet",
        "{width: 0.125, embedding: 8, layout: '%s'}".formatted(layout),
        preprocessing);
  }
}
