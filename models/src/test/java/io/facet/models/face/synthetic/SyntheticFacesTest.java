package io.facet.models.face.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.RecipeException;
import io.facet.models.face.BilinearWarp;
import io.facet.models.face.FaceTemplate;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.SimilarityTransform;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyntheticFacesTest {
  private static final SyntheticOptions PLAIN = new SyntheticOptions(160, 1, 0, 0, 0, 0, 0, 0);

  private final SyntheticFaces faces = new SyntheticFaces(7, SyntheticOptions.STANDARD);

  @Test
  void imageDependsOnSeedIdentityAndShotOnly() throws Exception {
    Photograph one = faces.photograph(3, 4);
    Photograph again = new SyntheticFaces(7, SyntheticOptions.STANDARD).photograph(3, 4);
    assertThat(again.jpeg()).isEqualTo(one.jpeg());
    assertThat(again.landmarks()).isEqualTo(one.landmarks());
    assertThat(faces.photograph(3, 5).jpeg()).isNotEqualTo(one.jpeg());
    assertThat(faces.photograph(4, 4).jpeg()).isNotEqualTo(one.jpeg());
    assertThat(new SyntheticFaces(8, SyntheticOptions.STANDARD).photograph(3, 4).jpeg())
        .isNotEqualTo(one.jpeg());
  }

  @Test
  void nobodyOfOnePopulationIsInAnother() {
    Set<FaceShape> people = new HashSet<>();
    for (int identity = 0; identity < 2_000; identity++) {
      people.add(FaceShape.of(2, identity, SyntheticOptions.STANDARD.identitySpread()));
    }
    assertThat(people).hasSize(2_000);
    for (int first : List.of(0, SyntheticFaces.FIRST_VERIFICATION_IDENTITY)) {
      for (int identity = first; identity < first + 2_000; identity++) {
        assertThat(people)
            .doesNotContain(FaceShape.of(1, identity, SyntheticOptions.STANDARD.identitySpread()));
      }
    }
  }

  @Test
  void pixelsKeepTheirStoredDigestUntilTheVersionRises() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int identity = 0; identity < 12; identity++) {
      digest.update(faces.pixels(identity, identity).bgr());
    }
    assertThat(SyntheticFaces.VERSION).isEqualTo(1);
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("479e53ac50456ab9119d5f9df3536fbbec576cf73b20a171910186b502d098d1");
  }

  @Test
  void photographDecodesToItsSize() {
    Photograph photograph = faces.photograph(1, 1);
    Pixels decoded = ImageDecoder.decode(photograph.jpeg());
    assertThat(decoded.width()).isEqualTo(photograph.width()).isEqualTo(160);
    assertThat(decoded.height()).isEqualTo(photograph.height()).isEqualTo(160);
  }

  @Test
  void landmarksMarkPupilsAndStayInTheImage() {
    SyntheticFaces plain = new SyntheticFaces(7, PLAIN);
    for (int identity = 0; identity < 20; identity++) {
      float[] points = plain.photograph(identity, 0).landmarks();
      Pixels image = plain.pixels(identity, 0);
      assertThat(points).hasSize(10);
      assertThat(points[0]).isLessThan(points[2]);
      assertThat(points[6]).isLessThan(points[8]);
      assertThat(points[5]).isBetween(points[1], points[7]);
      double eye = grey(image, points[0], points[1]) + grey(image, points[2], points[3]);
      double cheeks = grey(image, points[0] - 4, points[5]) + grey(image, points[2] + 4, points[5]);
      assertThat(eye).as("pupils of %d", identity).isLessThan(0.75 * cheeks);
    }
    for (int shot = 0; shot < 50; shot++) {
      for (float value : faces.photograph(2, shot).landmarks()) {
        assertThat(value).isBetween(5f, 155f);
      }
    }
  }

  @Test
  void sameAndDifferentPairsAlternateWithoutRepetition() {
    List<SyntheticPair> pairs = faces.pairs(SyntheticFaces.FIRST_VERIFICATION_IDENTITY, 10, 4, 60);
    assertThat(new HashSet<>(pairs)).hasSize(60);
    for (int i = 0; i < 60; i++) {
      SyntheticPair pair = pairs.get(i);
      assertThat(pair.same()).isEqualTo(i % 2 == 0);
      assertThat(pair.leftIdentity()).isBetween(1_000_000, 1_000_009);
      assertThat(pair.same() && pair.leftShot() == pair.rightShot()).isFalse();
    }
    assertThat(faces.pairs(0, 10, 4, 60)).isEqualTo(faces.pairs(0, 10, 4, 60));
  }

  @Test
  void refusesMorePairsThanThereAre() {
    assertThat(faces.pairs(0, 2, 3, 12)).hasSize(12);
    assertThatThrownBy(() -> faces.pairs(0, 2, 3, 13)).isInstanceOf(RecipeException.class);
    assertThatThrownBy(() -> faces.pairs(0, 1, 3, 2)).isInstanceOf(RecipeException.class);
  }

  @Test
  void colourTellsNothingAndStructureTellsALittle() {
    List<SyntheticPair> pairs = faces.pairs(0, 60, 4, 300);
    double[] byColour = new double[pairs.size()];
    double[] byStructure = new double[pairs.size()];
    boolean[] same = new boolean[pairs.size()];
    for (int i = 0; i < same.length; i++) {
      SyntheticPair pair = pairs.get(i);
      Pixels left = aligned(faces.photograph(pair.leftIdentity(), pair.leftShot()));
      Pixels right = aligned(faces.photograph(pair.rightIdentity(), pair.rightShot()));
      same[i] = pair.same();
      byColour[i] = -distance(meanColour(left), meanColour(right));
      byStructure[i] = -distance(edges(left), edges(right));
    }
    assertThat(RocCurve.of(PairScores.of(byColour, same)).areaUnderCurve())
        .isCloseTo(0.5, within(0.1));
    assertThat(RocCurve.of(PairScores.of(byStructure, same)).areaUnderCurve()).isGreaterThan(0.55);
  }

  private static Pixels aligned(Photograph photograph) {
    SimilarityTransform toCrop =
        SimilarityTransform.between(photograph.landmarks(), FaceTemplate.ARCFACE_112.points());
    return BilinearWarp.warp(ImageDecoder.decode(photograph.jpeg()), toCrop, 112, 112);
  }

  private static double grey(Pixels image, double x, double y) {
    int at = 3 * ((int) Math.round(y) * image.width() + (int) Math.round(x));
    return (image.bgr()[at] & 255) + (image.bgr()[at + 1] & 255) + (image.bgr()[at + 2] & 255);
  }

  private static double[] meanColour(Pixels crop) {
    double[] mean = new double[3];
    for (int i = 0; i < crop.bgr().length; i++) {
      mean[i % 3] += crop.bgr()[i] & 255;
    }
    return mean;
  }

  /** Signs of brightness differences between neighbouring 4x4 blocks. */
  private static double[] edges(Pixels crop) {
    double[] blocks = new double[28 * 28];
    for (int y = 0; y < 112; y++) {
      for (int x = 0; x < 112; x++) {
        blocks[y / 4 * 28 + x / 4] += grey(crop, x, y) / 48;
      }
    }
    double[] signs = new double[28 * 27];
    for (int i = 0; i < signs.length; i++) {
      double difference = blocks[i + 28] - blocks[i];
      signs[i] = difference / (4 + Math.abs(difference));
    }
    return signs;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
