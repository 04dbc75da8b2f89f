package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.RealData;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole chain on photographs. */
class RealAlignmentTest {
  private static FaceAligner open() {
    Path model = RealData.path("detectors/yunet_n_dynamic.onnx");
    Selected<FaceDetector<?>> detector =
        RecordBinder.select(
            FaceDetector.class,
            "yunet",
            new YuNetDetector.Options(model.toString(), Optional.empty(), 0.6, 0.3, 640, true, 1));
    return FaceAligner.open(AlignOptions.with(detector));
  }

  @Test
  void cropsEqualTheReferenceVerificationFile() throws IOException {
    List<byte[]> reference = firstImages(RealData.bytes("formats/lfw_dev_f1.bin"), 50);
    List<String> names = firstNames(50);
    double sum = 0;
    try (FaceAligner aligner = open()) {
      for (int i = 0; i < 50; i++) {
        byte[] photograph = RealData.bytes("lfw_dev/images/" + names.get(i));
        Aligned aligned = (Aligned) aligner.align(photograph);
        byte[] ours = ImageDecoder.decode(FaceEncoder.jpeg(aligned.crop(), 95)).bgr();
        sum += meanDifference(ours, ImageDecoder.decode(reference.get(i)).bgr());
      }
    }
    assertThat(sum / 50).isLessThan(0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "truncated_half.jpg, TRUNCATED",
    "truncated_header.jpg, TRUNCATED",
    "empty.jpg, EMPTY_FILE",
    "text_named.jpg, UNKNOWN_TYPE",
    "tiny24.png, TOO_SMALL",
    "1x1.png, NO_FACE",
    "flat_noface.jpg, NO_FACE",
    "noise_noface.png, NO_FACE",
    "extreme_aspect.jpg, NO_FACE"
  })
  void unusableFilesAreRejectedWithTheReason(String name, RejectReason reason) {
    try (FaceAligner aligner = open()) {
      assertThat(aligner.align(RealData.bytes("odd/" + name)))
          .isInstanceOfSatisfying(
              Rejected.class, rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rgba_32bit.png",
    "corrupt_middle.jpg",
    "gray_1channel.jpg",
    "cmyk.jpg",
    "progressive.jpg",
    "png_named.jpg",
    "palette.png",
    "gray16.png",
    "exif_orientation6.jpg",
    "webp.webp"
  })
  void unusualFilesGiveAFace(String name) {
    try (FaceAligner aligner = open()) {
      assertThat(aligner.align(RealData.bytes("odd/" + name)))
          .isInstanceOfSatisfying(
              Aligned.class, aligned -> assertThat(aligned.score()).isGreaterThan(0.8f));
    }
  }

  @Test
  void imageOfSeveralFacesIsRejectedOnDemand() {
    byte[] group = RealData.bytes("photos/multiface.jpg");
    AlignOptions options;
    try (FaceAligner aligner = open()) {
      assertThat(aligner.align(group)).isInstanceOf(Aligned.class);
      options = aligner.options();
    }
    AlignOptions strict =
        new AlignOptions(
            options.detector(),
            options.knownLandmarks(),
            SeveralFaces.REJECT,
            options.template(),
            options.minimumFaceSize(),
            options.maximumPixels(),
            options.maximumBytes());
    try (FaceAligner aligner = FaceAligner.open(strict)) {
      assertThat(aligner.align(group))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(RejectReason.SEVERAL_FACES));
    }
  }

  /** The pickle stores each image as a string: opcode T, length in 4 bytes, JPEG. */
  private static List<byte[]> firstImages(byte[] pickle, int count) {
    ByteBuffer buffer = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; images.size() < count; i++) {
      if (pickle[i] == 'T' && pickle[i + 5] == (byte) 0xFF && pickle[i + 6] == (byte) 0xD8) {
        int length = buffer.getInt(i + 1);
        images.add(Arrays.copyOfRange(pickle, i + 5, i + 5 + length));
        i += 4 + length;
      }
    }
    return images;
  }

  private static List<String> firstNames(int count) throws IOException {
    List<String> names = new ArrayList<>();
    List<String> lines = Files.readAllLines(RealData.path("lfw_dev/pairs.txt"));
    for (String line : lines.subList(1, 1 + count / 2)) {
      String[] pair = line.split("\t", -1);
      names.add(name(pair[0], pair[1]));
      names.add(pair.length == 3 ? name(pair[0], pair[2]) : name(pair[2], pair[3]));
    }
    return names;
  }

  private static String name(String person, String number) {
    return "%s/%s_%04d.jpg".formatted(person, person, Integer.parseInt(number));
  }

  @Test
  void allFacesOfAnImageComeWithTheChosenOneFirst() {
    byte[] couple = RealData.bytes("photos/couple.jpg");
    try (FaceAligner aligner = open()) {
      List<AlignmentResult> faces = aligner.alignAll(couple);
      assertThat(faces).hasSize(2).allSatisfy(face -> assertThat(face).isInstanceOf(Aligned.class));
      assertThat(((Aligned) faces.get(0)).landmarks())
          .isEqualTo(((Aligned) aligner.align(couple)).landmarks());
      assertThat(aligner.alignAll(RealData.bytes("odd/flat_noface.jpg")))
          .singleElement()
          .isInstanceOf(Rejected.class);
    }
  }

  private static double meanDifference(byte[] one, byte[] other) {
    assertThat(one).hasSameSizeAs(other);
    long sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs((one[i] & 0xFF) - (other[i] & 0xFF));
    }
    return (double) sum / one.length;
  }
}
