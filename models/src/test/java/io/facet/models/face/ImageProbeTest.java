package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RealData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageProbeTest {
  private static final Pixels IMAGE = ImageFixtures.gradient(40, 30);

  private static void assertRejected(byte[] encoded, ImageLimits limits, RejectReason reason) {
    assertThatThrownBy(() -> ImageProbe.probe(encoded, limits))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void headerTellsTypeAndSize() {
    assertThat(ImageProbe.probe(FaceEncoder.jpeg(IMAGE, 90), ImageLimits.STANDARD))
        .isEqualTo(new ImageHeader(ImageFormat.JPEG, 40, 30));
    assertThat(ImageProbe.probe(FaceEncoder.png(IMAGE), ImageLimits.STANDARD))
        .isEqualTo(new ImageHeader(ImageFormat.PNG, 40, 30));
  }

  @ParameterizedTest
  @ValueSource(strings = {".webp", ".bmp"})
  void otherTypesAreReadToo(String extension) {
    byte[] encoded = FaceEncoder.encode(IMAGE, extension);

    ImageHeader header = ImageProbe.probe(encoded, ImageLimits.STANDARD);

    assertThat("." + header.format().key()).isEqualTo(extension);
    assertThat(List.of(header.width(), header.height())).containsExactly(40, 30);
    assertThat(ImageDecoder.decode(encoded).width()).isEqualTo(40);
    assertRejected(
        Arrays.copyOf(encoded, encoded.length - 9), ImageLimits.STANDARD, RejectReason.TRUNCATED);
  }

  @Test
  void emptyAndForeignFilesAreNamed() {
    assertRejected(new byte[0], ImageLimits.STANDARD, RejectReason.EMPTY_FILE);
    assertRejected(
        "This is not an image.".getBytes(StandardCharsets.UTF_8),
        ImageLimits.STANDARD,
        RejectReason.UNKNOWN_TYPE);
    assertRejected(new byte[] {'B'}, ImageLimits.STANDARD, RejectReason.UNKNOWN_TYPE);
  }

  @Test
  void limitsApplyBeforeDecoding() {
    byte[] png = FaceEncoder.png(IMAGE);
    assertRejected(png, new ImageLimits(100, 1200, 1), RejectReason.TOO_MANY_BYTES);
    assertRejected(png, new ImageLimits(10_000, 1199, 1), RejectReason.TOO_MANY_PIXELS);
    assertRejected(png, new ImageLimits(10_000, 1200, 31), RejectReason.TOO_SMALL);
    assertThat(ImageProbe.probe(png, new ImageLimits(10_000, 1200, 30)).width()).isEqualTo(40);
  }

  @Test
  void pixelBombIsFoundInTheHeader() {
    byte[] bomb = FaceEncoder.png(IMAGE);
    ByteBuffer.wrap(bomb).putInt(16, 60_000).putInt(20, 60_000);

    assertRejected(bomb, ImageLimits.STANDARD, RejectReason.TOO_MANY_PIXELS);
  }

  @ParameterizedTest
  @CsvSource({
    "truncated_half.jpg, TRUNCATED",
    "truncated_header.jpg, TRUNCATED",
    "empty.jpg, EMPTY_FILE",
    "text_named.jpg, UNKNOWN_TYPE"
  })
  void brokenRealFilesAreRejected(String name, RejectReason reason) {
    assertRejected(RealData.bytes("odd/" + name), ImageLimits.STANDARD, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "rgba_32bit.png, PNG",
    "corrupt_middle.jpg, JPEG",
    "gray_1channel.jpg, JPEG",
    "cmyk.jpg, JPEG",
    "progressive.jpg, JPEG",
    "png_named.jpg, PNG",
    "palette.png, PNG",
    "gray16.png, PNG",
    "tiny24.png, PNG",
    "1x1.png, PNG",
    "webp.webp, WEBP",
    "extreme_aspect.jpg, JPEG"
  })
  void unusualRealFilesAreDecoded(String name, ImageFormat format) {
    byte[] encoded = RealData.bytes("odd/" + name);

    ImageHeader header = ImageProbe.probe(encoded, ImageLimits.STANDARD);
    Pixels decoded = ImageDecoder.decode(encoded);

    assertThat(header).isEqualTo(new ImageHeader(format, decoded.width(), decoded.height()));
  }

  @Test
  void exifOrientationIsApplied() {
    byte[] encoded = RealData.bytes("odd/exif_orientation6.jpg");

    ImageHeader header = ImageProbe.probe(encoded, ImageLimits.STANDARD);
    Pixels decoded = ImageDecoder.decode(encoded);

    assertThat(decoded.width()).isEqualTo(header.height());
    assertThat(decoded.height()).isEqualTo(header.width());
  }

  @Test
  void everyGoodPhotographPasses() throws IOException {
    for (String folder : List.of("lfw_dev/images", "cfp_dev/images", "photos", "yale")) {
      try (Stream<Path> files = Files.walk(RealData.path(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).toList()) {
          ImageHeader header = ImageProbe.probe(Files.readAllBytes(file), ImageLimits.STANDARD);
          assertThat(header.format()).as("%s", file).isEqualTo(ImageFormat.JPEG);
        }
      }
    }
  }
}
