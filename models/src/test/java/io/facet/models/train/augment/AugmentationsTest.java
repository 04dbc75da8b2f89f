package io.facet.models.train.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.face.Pixels;
import io.facet.models.option.Extensions;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationsTest {
  private static final long FACE = 3;
  private static final Pixels CROP = noise(112, 112);

  private static Pixels noise(int width, int height) {
    byte[] bytes = new byte[3 * width * height];
    new Random(4).nextBytes(bytes);
    return new Pixels(width, height, bytes);
  }

  private static Pixels plain(int blue, int green, int red) {
    byte[] bytes = new byte[3 * 16 * 16];
    for (int i = 0; i < bytes.length; i += 3) {
      bytes[i] = (byte) blue;
      bytes[i + 1] = (byte) green;
      bytes[i + 2] = (byte) red;
    }
    return new Pixels(16, 16, bytes);
  }

  static Collection<String> keys() {
    return Extensions.all(Augmentation.class).keySet();
  }

  private static Augmentations of(long seed, String key, String options) {
    Selected<Augmentation<?>> selected = RecordBinder.select(Augmentation.class, key, options);
    return new Augmentations(List.of(selected), seed);
  }

  private static Augmentations always(long seed, String key) {
    return of(seed, key, "{\"probability\": 1}");
  }

  @Test
  void theFiveKindsAreThere() {
    assertThat(keys()).containsExactly("blur", "colour", "crop", "low-resolution", "occlusion");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aViewIsAFunctionOfSeedFaceAndEpoch(String key) {
    byte[] before = CROP.bgr().clone();
    byte[] view = always(1, key).apply(CROP, FACE, 2).bgr();

    assertThat(view).isNotEqualTo(before).hasSameSizeAs(before);
    assertThat(always(1, key).apply(CROP, FACE, 2).bgr()).isEqualTo(view);
    assertThat(always(2, key).apply(CROP, FACE, 2).bgr()).isNotEqualTo(view);
    assertThat(always(1, key).apply(CROP, 7, 2).bgr()).isNotEqualTo(view);
    assertThat(always(1, key).apply(CROP, FACE, 3).bgr()).isNotEqualTo(view);
    assertThat(CROP.bgr()).as("the crop itself stays").isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void theProbabilityIsTheShareOfChangedCrops(String key) {
    Augmentations third = of(1, key, "{\"probability\": 0.3}");
    long changed = IntStream.range(0, 400).filter(i -> third.apply(CROP, i, 0) != CROP).count();
    assertThat(changed).isBetween(90L, 150L);
    assertThat(of(1, key, "{\"probability\": 0}").apply(CROP, FACE, 0)).isSameAs(CROP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crop", "low-resolution", "blur"})
  void onePlainColourStaysIt(String key) {
    Pixels plain = plain(10, 200, 255);
    for (int epoch = 0; epoch < 20; epoch++) {
      assertThat(always(1, key).apply(plain, FACE, epoch).bgr()).isEqualTo(plain.bgr());
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aCropOfOnePixelIsNoTrouble(String key) {
    Pixels dot = noise(1, 1);
    for (int epoch = 0; epoch < 20; epoch++) {
      assertThat(always(1, key).apply(dot, FACE, epoch).bgr()).hasSize(3);
    }
  }

  @Test
  void aShiftMovesWholePixels() {
    Pixels moved =
        new ShiftAndScale()
            .apply(new ShiftAndScale.Options(1, 0.5, 0), CROP, new java.util.SplittableRandom(3));
    assertThat(moved.bgr()).isNotEqualTo(CROP.bgr());
    Pixels same =
        new ShiftAndScale()
            .apply(new ShiftAndScale.Options(1, 0, 0), CROP, new java.util.SplittableRandom(3));
    assertThat(same.bgr()).isEqualTo(CROP.bgr());
  }

  @Test
  void colourKeepsGreyGreyAndFollowsBrightness() {
    Augmentations brightness =
        of(1, "colour", "{\"probability\": 1, \"contrast\": 0, \"saturation\": 1}");
    for (int epoch = 0; epoch < 20; epoch++) {
      byte[] view = brightness.apply(plain(100, 100, 100), FACE, epoch).bgr();
      assertThat(view[0] & 0xFF).isBetween(50, 150);
      assertThat(view).containsOnly(view[0]);
    }
  }

  @Test
  void anOcclusionIsARectangleOfTheWantedArea() {
    Augmentations cover =
        of(1, "occlusion", "{\"probability\": 1, \"smallest\": 0.25, \"largest\": 0.25}");
    for (int epoch = 0; epoch < 10; epoch++) {
      byte[] view = cover.apply(CROP, FACE, epoch).bgr();
      long changed = IntStream.range(0, view.length).filter(i -> view[i] != CROP.bgr()[i]).count();
      assertThat(changed / (double) view.length).isBetween(0.23, 0.26);
    }
  }

  @Test
  void aBlurKeepsTheMeanAndTakesAwayDetail() {
    byte[] view = of(1, "blur", "{\"probability\": 1, \"smallest\": 2}").apply(CROP, FACE, 0).bgr();
    assertThat(spread(view)).isLessThan(0.2 * spread(CROP.bgr()));
    assertThat(mean(view)).isCloseTo(mean(CROP.bgr()), org.assertj.core.data.Offset.offset(2.0));
  }

  private static double mean(byte[] bytes) {
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).average().orElseThrow();
  }

  private static double spread(byte[] bytes) {
    double mean = mean(bytes);
    return Math.sqrt(
        IntStream.range(0, bytes.length)
            .mapToDouble(i -> Math.pow((bytes[i] & 0xFF) - mean, 2))
            .average()
            .orElseThrow());
  }

  @Test
  void severalFollowEachOtherEachWithItsOwnChance() {
    Selected<Augmentation<?>> blur =
        RecordBinder.select(Augmentation.class, "blur", "{\"probability\": 1}");
    Pixels once = new Augmentations(List.of(blur), 1).apply(CROP, FACE, 0);
    Pixels twice = new Augmentations(List.of(blur, blur), 1).apply(CROP, FACE, 0);
    assertThat(Arrays.equals(once.bgr(), twice.bgr())).isFalse();
  }

  @Test
  void rangesThatEndBeforeTheyBeginAreRefused() {
    assertThatThrownBy(() -> of(1, "blur", "{\"smallest\": 3, \"largest\": 1}"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("more than largest");
  }
}
