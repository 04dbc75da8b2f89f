package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final Pixels IMAGE = ImageFixtures.gradient(37, 23);

  @Test
  void pngGivesBackTheSamePixels() {
    Pixels decoded = ImageDecoder.decode(FaceEncoder.png(IMAGE));

    assertThat(decoded.width()).isEqualTo(37);
    assertThat(decoded.height()).isEqualTo(23);
    assertThat(decoded.bgr()).isEqualTo(IMAGE.bgr());
  }

  @Test
  void jpegGivesBackNearlyTheSamePixels() {
    Pixels decoded = ImageDecoder.decode(FaceEncoder.jpeg(IMAGE, 95));

    double sum = 0;
    for (int i = 0; i < decoded.bgr().length; i++) {
      sum += Math.abs((decoded.bgr()[i] & 0xFF) - (IMAGE.bgr()[i] & 0xFF));
    }
    assertThat(sum / decoded.bgr().length).isLessThan(8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.3, 0.6, 0.9, 0.99})
  void imageCutShortIsTruncated(double share) {
    for (byte[] whole : new byte[][] {FaceEncoder.jpeg(IMAGE, 90), FaceEncoder.png(IMAGE)}) {
      byte[] cut = Arrays.copyOf(whole, Math.max(8, (int) (whole.length * share)));

      assertThatThrownBy(() -> ImageDecoder.decode(cut))
          .isInstanceOfSatisfying(
              ImageException.class, e -> assertThat(e.reason()).isEqualTo(RejectReason.TRUNCATED));
    }
  }

  @Test
  void damagedPngIsUnreadable() {
    byte[] damaged = FaceEncoder.png(IMAGE);
    damaged[damaged.length / 2] ^= 0x55;

    assertThatThrownBy(() -> ImageDecoder.decode(damaged))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.reason()).isEqualTo(RejectReason.UNREADABLE))
        .hasMessageContaining("37x23");
  }

  @Test
  void bytesAfterTheEndAreIgnored() {
    byte[] encoded = FaceEncoder.jpeg(IMAGE, 90);
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 100);

    assertThat(ImageDecoder.decode(longer).bgr()).isEqualTo(ImageDecoder.decode(encoded).bgr());
  }

  @Test
  void threadsDecodeIndependently() throws Exception {
    byte[] encoded = FaceEncoder.jpeg(IMAGE, 90);
    byte[] expected = ImageDecoder.decode(encoded).bgr();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      Callable<byte[]> decode = () -> ImageDecoder.decode(encoded).bgr();
      for (var result : pool.invokeAll(IntStream.range(0, 64).mapToObj(i -> decode).toList())) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
