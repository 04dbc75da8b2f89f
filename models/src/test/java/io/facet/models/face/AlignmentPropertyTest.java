package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What must hold for all transforms, warps and detections. */
class AlignmentPropertyTest {
  private static final float[] TEMPLATE = FaceTemplate.ARCFACE_112.points();

  private static float[] apply(SimilarityTransform transform, float[] points) {
    float[] result = new float[points.length];
    for (int i = 0; i < points.length; i += 2) {
      result[i] =
          (float) (transform.a() * points[i] - transform.b() * points[i + 1] + transform.tx());
      result[i + 1] =
          (float) (transform.b() * points[i] + transform.a() * points[i + 1] + transform.ty());
    }
    return result;
  }

  private static double squaredError(SimilarityTransform transform, float[] from, float[] to) {
    double sum = 0;
    for (int i = 0; i < from.length; i += 2) {
      double x = transform.a() * from[i] - transform.b() * from[i + 1] + transform.tx() - to[i];
      double y = transform.b() * from[i] + transform.a() * from[i + 1] + transform.ty() - to[i + 1];
      sum += x * x + y * y;
    }
    return sum;
  }

  @Property(seed = "1")
  void rotatedScaledAndShiftedFaceIsBroughtBack(
      @ForAll @DoubleRange(min = -3.14, max = 3.14) double angle,
      @ForAll @DoubleRange(min = 0.1, max = 20) double scale,
      @ForAll @DoubleRange(min = -500, max = 4000) double x,
      @ForAll @DoubleRange(min = -500, max = 4000) double y) {
    SimilarityTransform intoImage =
        new SimilarityTransform(scale * Math.cos(angle), scale * Math.sin(angle), x, y);
    float[] landmarks = apply(intoImage, TEMPLATE);

    float[] back = apply(SimilarityTransform.between(landmarks, TEMPLATE), landmarks);

    for (int i = 0; i < TEMPLATE.length; i++) {
      assertThat(back[i]).isCloseTo(TEMPLATE[i], within(0.02f));
    }
  }

  @Property(seed = "1")
  void noOtherTransformHasASmallerError(
      @ForAll Random random, @ForAll @DoubleRange(min = 0, max = 15) double noise) {
    float[] landmarks = TEMPLATE.clone();
    for (int i = 0; i < landmarks.length; i++) {
      landmarks[i] = (float) (3 * landmarks[i] + 40 + noise * random.nextGaussian());
    }
    SimilarityTransform best = SimilarityTransform.between(landmarks, TEMPLATE);
    SimilarityTransform other =
        new SimilarityTransform(
            best.a() + 0.01 * random.nextGaussian(),
            best.b() + 0.01 * random.nextGaussian(),
            best.tx() + random.nextGaussian(),
            best.ty() + random.nextGaussian());

    assertThat(squaredError(best, landmarks, TEMPLATE))
        .isLessThanOrEqualTo(squaredError(other, landmarks, TEMPLATE));
  }

  @Property(tries = 200, seed = "1")
  void warpOfAFlatImageIsFlatInside(
      @ForAll @DoubleRange(min = -3.14, max = 3.14) double angle,
      @ForAll @DoubleRange(min = 0.3, max = 5) double scale,
      @ForAll @IntRange(max = 255) int value) {
    byte[] bgr = new byte[50 * 40 * 3];
    Arrays.fill(bgr, (byte) value);
    double a = scale * Math.cos(angle);
    double b = scale * Math.sin(angle);
    // The middle of the image goes to the middle of the crop.
    SimilarityTransform transform =
        new SimilarityTransform(a, b, 16 - a * 25 + b * 20, 16 - b * 25 - a * 20);

    Pixels crop = BilinearWarp.warp(new Pixels(50, 40, bgr), transform, 33, 33);

    for (byte pixel : crop.bgr()) {
      assertThat(pixel & 0xFF).isLessThanOrEqualTo(value);
    }
    assertThat(crop.bgr()[(16 * 33 + 16) * 3] & 0xFF).isEqualTo(value);
  }

  @Property(tries = 100, seed = "1")
  void wholeShiftsCopyPixels(
      @ForAll @IntRange(min = -40, max = 40) int dx,
      @ForAll @IntRange(min = -40, max = 40) int dy) {
    Pixels image = ImageFixtures.gradient(31, 27);

    Pixels crop = BilinearWarp.warp(image, new SimilarityTransform(1, 0, dx, dy), 20, 20);

    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 20; x++) {
        int sx = x - dx;
        int sy = y - dy;
        boolean inside = sx >= 0 && sx < 31 && sy >= 0 && sy < 27;
        byte expected = inside ? image.bgr()[(sy * 31 + sx) * 3 + 1] : 0;
        assertThat(crop.bgr()[(y * 20 + x) * 3 + 1]).isEqualTo(expected);
      }
    }
  }

  @Property(tries = 200, seed = "1")
  void suppressionKeepsTheBestOfEveryOverlap(
      @ForAll Random random,
      @ForAll @IntRange(max = 60) int count,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double threshold) {
    List<DetectedFace> faces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faces.add(
          new DetectedFace(
              random.nextInt(100) - 20,
              random.nextInt(100) - 20,
              random.nextInt(50),
              random.nextInt(50),
              new float[10],
              random.nextFloat()));
    }

    List<DetectedFace> kept = NonMaximumSuppression.keep(faces, threshold);

    assertThat(NonMaximumSuppression.keep(kept, threshold)).isEqualTo(kept);
    for (DetectedFace face : faces) {
      boolean survives = kept.contains(face);
      boolean beaten =
          kept.stream()
              .anyMatch(
                  other ->
                      other != face
                          && other.score() >= face.score()
                          && NonMaximumSuppression.keep(List.of(other, face), threshold).size()
                              == 1);
      assertThat(survives).isNotEqualTo(beaten);
    }
  }

  @Property(tries = 300, seed = "1")
  void anyDetectorOutputLeadsToFacesOrARejection(@ForAll Random random) {
    float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, 90f};
    float[][] outputs = {new float[12], new float[12], new float[48], new float[120]};
    for (float[] output : outputs) {
      for (int i = 0; i < output.length; i++) {
        output[i] = random.nextInt(4) == 0 ? odd[random.nextInt(5)] : random.nextFloat();
      }
    }
    List<DetectedFace> faces = new ArrayList<>();
    YuNetDecoding.decode(
        new YuNetDecoding.Grid(outputs[0], outputs[1], outputs[2], outputs[3]), 4, 16, 0.3, faces);
    Pixels image = ImageFixtures.gradient(40, 30);
    for (DetectedFace face : NonMaximumSuppression.keep(faces, 0.3)) {
      assertThat(face.score()).isBetween(0.3f, 1f);
      try {
        SimilarityTransform transform = SimilarityTransform.between(face.landmarks(), TEMPLATE);
        assertThat(BilinearWarp.warp(image, transform, 8, 8).bgr()).hasSize(192);
      } catch (ImageException e) {
        assertThat(e.reason()).isEqualTo(RejectReason.DEGENERATE_LANDMARKS);
      }
    }
  }

  @Property(tries = 100, seed = "1")
  void mirroredInputIsTheInputReadBackwards(
      @ForAll @IntRange(min = 1, max = 12) int half, @ForAll @IntRange(max = 6) int cut) {
    Pixels crop = ImageFixtures.gradient(2 * (half + cut), 9);
    Preprocessing standard = Preprocessing.STANDARD;
    Preprocessing preprocessing =
        new Preprocessing(
            standard.colourOrder(),
            2 * half,
            9,
            standard.mean(),
            standard.standardDeviation(),
            standard.template(),
            standard.flipFusion());

    float[] plain = CropTensor.chw(crop, preprocessing, false);
    float[] mirrored = CropTensor.chw(crop, preprocessing, true);

    for (int i = 0; i < plain.length; i++) {
      int row = i / (2 * half);
      assertThat(mirrored[row * 2 * half + (2 * half - 1 - i % (2 * half))]).isEqualTo(plain[i]);
    }
  }
}
