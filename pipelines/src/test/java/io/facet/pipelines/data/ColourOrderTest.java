package io.facet.pipelines.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.embed.Embedder;
import io.facet.models.embed.OnnxEmbedder;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.RecordIo;
import io.facet.transforms.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A model says in which order the colours of pictures stand. */
class ColourOrderTest {
  private static final int PEOPLE = 32;
  private static final int FACES = 4;

  private static List<ColourOrder.Labelled> faces() {
    Map<String, Integer> seen = new HashMap<>();
    List<ColourOrder.Labelled> faces = new ArrayList<>();
    RecordIo.read(
        RealData.path("formats/faces_cfp_112x112/train.rec"),
        image -> {
          String identity = image.identity().orElseThrow().toString();
          boolean known = seen.containsKey(identity);
          if ((known || seen.size() < PEOPLE) && seen.getOrDefault(identity, 0) < FACES) {
            seen.merge(identity, 1, Integer::sum);
            faces.add(new ColourOrder.Labelled(identity, ImageDecoder.decode(image.payload())));
          }
        });
    return faces;
  }

  @Test
  void picturesWithRedAndBlueExchangedAreKnown() throws IOException {
    Preprocessing input =
        new Preprocessing(
            Preprocessing.ColourOrder.RGB,
            112,
            112,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            Preprocessing.ARCFACE_112,
            Preprocessing.FlipFusion.NONE);
    try (Embedder model =
        OnnxEmbedder.open(
            Files.readAllBytes(RealData.path("weights/foamliu_MobileFaceNet.onnx")),
            "foamliu",
            Optional.of(input),
            1,
            1)) {
      List<ColourOrder.Labelled> right = faces();
      List<ColourOrder.Labelled> wrong =
          right.stream()
              .map(f -> new ColourOrder.Labelled(f.identity(), ColourOrder.exchanged(f.crop())))
              .toList();
      Rows.ColourOrder given = ColourOrder.judge("train.0", right, model);
      assertThat(given.people()).isEqualTo(PEOPLE);
      assertThat(given.faces()).isEqualTo(PEOPLE * FACES);
      assertThat(given.wrong()).as(given.toString()).isFalse();
      Rows.ColourOrder turned = ColourOrder.judge("train.0", wrong, model);
      assertThat(turned.wrong()).as(turned.toString()).isTrue();
      assertThat(turned.exchanged()).isEqualTo(given.given());
    }
  }

  @Test
  void greyPicturesHaveNoOrder() {
    Pixels grey = new Pixels(2, 1, new byte[] {5, 5, 5, 7, 7, 7});
    assertThat(ColourOrder.exchanged(grey).bgr()).isEqualTo(grey.bgr());
    assertThat(new Rows.ColourOrder("train.0", 32, 128, 2, 2).wrong()).isFalse();
  }
}
