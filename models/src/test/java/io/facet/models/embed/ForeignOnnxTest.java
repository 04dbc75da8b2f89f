package io.facet.models.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.RealData;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A public model that knows nothing of Facet: fixed batch of 1, no preprocessing in it. */
class ForeignOnnxTest {
  private static final Preprocessing IMAGE_NET =
      new Preprocessing(
          Preprocessing.ColourOrder.RGB,
          112,
          112,
          List.of(0.485, 0.456, 0.406),
          List.of(0.229, 0.224, 0.225),
          Preprocessing.ARCFACE_112,
          Preprocessing.FlipFusion.NONE);

  @Test
  void embedsOneByOneWithAGivenPreprocessing() {
    byte[] model = RealData.bytes("weights/foamliu_MobileFaceNet.onnx");
    Pixels crop = new Pixels(112, 112, new byte[112 * 112 * 3]);
    try (OnnxEmbedder embedder =
        OnnxEmbedder.open(model, "foamliu", Optional.of(IMAGE_NET), 8, 1)) {
      assertThat(embedder.embeddingSize()).isEqualTo(128);
      float[][] embeddings = embedder.embed(List.of(crop, crop));
      assertThat(embeddings[0]).hasSize(128).isEqualTo(embeddings[1]);
    }
  }

  @Test
  void asksForThePreprocessing() {
    byte[] model = RealData.bytes("weights/foamliu_MobileFaceNet.onnx");
    assertThatThrownBy(() -> OnnxEmbedder.open(model, "foamliu", Optional.empty(), 8, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("foamliu");
  }
}
