package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.facet.models.option.RecordBinder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged images give a result: never an exception, a crash or an endless loop. */
class BrokenImagePropertyTest {
  private static final List<String> TYPES = List.of(".jpg", ".png", ".webp", ".bmp");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static FaceAligner aligner;

  @BeforeContainer
  static void open() {
    AlignOptions usual = AlignOptions.with(RecordBinder.select(FaceDetector.class, "given"));
    aligner =
        FaceAligner.open(
            new AlignOptions(
                usual.detector(),
                usual.knownLandmarks(),
                usual.severalFaces(),
                usual.template(),
                usual.minimumFaceSize(),
                4_000_000,
                1_000_000));
  }

  @AfterContainer
  static void close() {
    aligner.close();
  }

  private static byte[] encoded(Random random) {
    Pixels image = ImageFixtures.gradient(40 + random.nextInt(60), 40 + random.nextInt(60));
    return FaceEncoder.encode(image, TYPES.get(random.nextInt(TYPES.size())));
  }

  private static AlignmentResult align(byte[] bytes) {
    return assertTimeoutPreemptively(
        LIMIT, () -> aligner.align(bytes, FaceTemplate.ARCFACE_112.points()));
  }

  private static void damage(Random random) {
    byte[] bytes = encoded(random);
    int changes = 1 + random.nextInt(random.nextBoolean() ? 3 : 60);
    for (int i = 0; i < changes; i++) {
      // Every other change hits the header, where sizes and offsets are.
      int range = random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length;
      bytes[random.nextInt(range)] = (byte) random.nextInt();
    }
    if (random.nextInt(4) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 50));
    }

    assertIsResult(align(bytes));
  }

  private static void assertIsResult(AlignmentResult result) {
    if (result instanceof AlignmentResult.Aligned aligned) {
      assertThat(aligned.crop().bgr()).hasSize(112 * 112 * 3);
    } else {
      assertThat(result)
          .isInstanceOfSatisfying(
              AlignmentResult.Rejected.class,
              rejected -> assertThat(rejected.detail()).isNotBlank().doesNotContain("\n"));
    }
  }

  @Property(tries = 300, seed = "1", shrinking = ShrinkingMode.OFF)
  void damagedBytesGiveAResult(@ForAll Random random) {
    damage(random);
  }

  @Tag("soak")
  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void damagedBytesGiveAResultEveryTime(@ForAll Random random) {
    damage(random);
  }

  @Property(tries = 100, seed = "1", shrinking = ShrinkingMode.OFF)
  void everyShorterFileIsRejected(@ForAll Random random) {
    byte[] whole = encoded(random);

    AlignmentResult result = align(Arrays.copyOf(whole, random.nextInt(whole.length)));

    assertThat(result)
        .isInstanceOfSatisfying(
            AlignmentResult.Rejected.class,
            rejected ->
                assertThat(rejected.reason())
                    .isIn(
                        RejectReason.EMPTY_FILE,
                        RejectReason.UNKNOWN_TYPE,
                        RejectReason.TRUNCATED,
                        RejectReason.UNREADABLE));
  }

  @Tag("soak")
  @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
  void noiseBehindAGoodBeginningGivesAResult(@ForAll Random random) {
    byte[] bytes = new byte[random.nextInt(4000)];
    random.nextBytes(bytes);
    byte[] good = encoded(random);
    System.arraycopy(good, 0, bytes, 0, Math.min(random.nextInt(40), bytes.length));

    assertIsResult(align(bytes));
  }
}
