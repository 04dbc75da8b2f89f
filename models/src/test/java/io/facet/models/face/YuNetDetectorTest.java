package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.DataException;
import io.facet.models.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YuNetDetectorTest {
  private static final YuNetDetector YUNET = new YuNetDetector();

  private static YuNetDetector.Options options(Path model, String sha256) {
    return new YuNetDetector.Options(
        model.toString(), Optional.ofNullable(sha256), 0.6, 0.3, 640, true, 1);
  }

  private static YuNetSession open() {
    return YUNET.open(options(RealData.path("detectors/yunet_n_dynamic.onnx"), null));
  }

  @Test
  void landmarksEqualTheReferenceTable() throws IOException {
    List<String> rows = Files.readAllLines(RealData.path("lfw_dev/landmarks5_yunet.csv"));
    try (YuNetSession yunet = open()) {
      for (int i = 1; i < rows.size(); i += 75) {
        String[] row = rows.get(i).split(",", -1);
        Pixels image = ImageDecoder.decode(RealData.bytes("lfw_dev/images/" + row[0]));
        DetectedFace face =
            FacePicker.pick(image, yunet.detect(image), SeveralFaces.LARGEST_CENTRAL);
        assertThat(face.score()).isCloseTo(Float.parseFloat(row[5]), within(2e-4f));
        for (int n = 0; n < 10; n++) {
          assertThat(face.landmarks()[n])
              .as("%s landmark value %d", row[0], n)
              .isCloseTo(Float.parseFloat(row[6 + n]), within(0.012f));
        }
      }
    }
  }

  @Test
  void largeImageIsShrunkAndItsLandmarksScaledBack() {
    Pixels photograph =
        ImageDecoder.decode(RealData.bytes("lfw_dev/images/Aaron_Sorkin/Aaron_Sorkin_0001.jpg"));
    Pixels seenWhole =
        BilinearWarp.warp(photograph, new SimilarityTransform(2.5, 0, 0, 0), 640, 600);
    Pixels twice =
        BilinearWarp.warp(photograph, new SimilarityTransform(5, 0, 0.5, 0.5), 1280, 1200);
    try (YuNetSession yunet = open()) {
      DetectedFace expected = yunet.detect(seenWhole).get(0);
      List<DetectedFace> found = yunet.detect(twice);

      assertThat(found).hasSize(1);
      float tolerance = 0.01f * FaceLandmarks.eyeDistance(found.get(0).landmarks());
      assertThat(found.get(0).width()).isCloseTo(2 * expected.width(), within(2 * tolerance));
      for (int n = 0; n < 10; n++) {
        assertThat(found.get(0).landmarks()[n])
            .isCloseTo(2 * expected.landmarks()[n] + 0.5f, within(tolerance));
      }
    }
  }

  @Test
  void faceThatFillsTheImageIsFoundInABorder() {
    Pixels tight = ImageDecoder.decode(RealData.bytes("cfp_train/images/212/profile/01.jpg"));
    String model = RealData.path("detectors/yunet_n_dynamic.onnx").toString();
    YuNetDetector.Options once =
        new YuNetDetector.Options(model, Optional.empty(), 0.6, 0.3, 640, false, 1);
    try (YuNetSession yunet = open();
        YuNetSession withoutRetry = YUNET.open(once)) {
      assertThat(withoutRetry.detect(tight)).isEmpty();
      List<DetectedFace> found = yunet.detect(tight);

      assertThat(found).hasSize(1);
      // The reference table has right eye (110.53, 81.75) and left mouth corner (140.21, 118.22).
      assertThat(found.get(0).landmarks()[0]).isCloseTo(110.53f, within(0.5f));
      assertThat(found.get(0).landmarks()[1]).isCloseTo(81.75f, within(0.5f));
      assertThat(found.get(0).landmarks()[8]).isCloseTo(140.21f, within(0.5f));
      assertThat(found.get(0).landmarks()[9]).isCloseTo(118.22f, within(0.5f));
    }
  }

  @Test
  void everyFaceOfAGroupIsFound() {
    Pixels image = ImageDecoder.decode(RealData.bytes("photos/couple.jpg"));
    try (YuNetSession yunet = open()) {
      assertThat(yunet.detect(image)).hasSize(2);
    }
  }

  @Test
  void threadsShareASession() throws Exception {
    Pixels image =
        ImageDecoder.decode(RealData.bytes("lfw_dev/images/Aaron_Sorkin/Aaron_Sorkin_0001.jpg"));
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (YuNetSession yunet = open()) {
      float[] expected = yunet.detect(image).get(0).landmarks();
      Callable<float[]> detect = () -> yunet.detect(image).get(0).landmarks();
      for (var result : pool.invokeAll(IntStream.range(0, 40).mapToObj(i -> detect).toList())) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void emptyAndTinyImagesHaveNoFace() {
    try (YuNetSession yunet = open()) {
      for (int[] size : new int[][] {{1, 1}, {33, 1}, {4000, 40}, {64, 64}}) {
        assertThat(yunet.detect(new Pixels(size[0], size[1], new byte[size[0] * size[1] * 3])))
            .isEmpty();
      }
    }
  }

  @Test
  void missingModelIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> YUNET.open(options(folder.resolve("absent.onnx"), null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("absent.onnx");
  }

  @Test
  void otherDigestIsRefusedWithBothDigests(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
    String wrong = "0".repeat(64);

    assertThatThrownBy(() -> YUNET.open(options(file, wrong)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.onnx")
        .hasMessageContaining(wrong)
        .hasMessageContaining(FileDigest.sha256(new byte[] {1, 2, 3}));
  }

  @Test
  void fileThatIsNoModelIsRefused(@TempDir Path folder) throws IOException {
    byte[] junk = new byte[1000];
    Arrays.fill(junk, (byte) 7);
    Path file = Files.write(folder.resolve("junk.onnx"), junk);

    assertThatThrownBy(() -> YUNET.open(options(file, null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("junk.onnx");
  }

  @Test
  void otherOnnxModelIsRefused() {
    Path model = RealData.path("weights/foamliu_MobileFaceNet.onnx");

    assertThatThrownBy(() -> YUNET.open(options(model, null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("not a YuNet");
  }

  @ParameterizedTest
  @CsvSource({
    "yunet_n_640_640.onnx, takes images of 640x640 pixels only",
    "scrfd_500m_bnkps.onnx, is not a YuNet: it has no output cls_8"
  })
  void aDetectorThatWouldFailOnTheFirstImageIsRefusedWhenItIsOpened(String file, String why) {
    Path model = RealData.path("detectors/" + file);
    assertThatThrownBy(() -> YUNET.open(options(model, null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("yunet_n_dynamic.onnx");
  }

  @Test
  void identityFollowsTheContentAndNotThePath(@TempDir Path folder) throws IOException {
    Path one = Files.write(folder.resolve("one.onnx"), new byte[] {1});
    Path copy = Files.write(folder.resolve("copy.onnx"), new byte[] {1});
    Path other = Files.write(folder.resolve("other.onnx"), new byte[] {2});

    assertThat(YUNET.identity(options(one, null))).isEqualTo(YUNET.identity(options(copy, null)));
    assertThat(YUNET.identity(options(one, null)))
        .isNotEqualTo(YUNET.identity(options(other, null)));
    assertThat(YUNET.withFiles(options(one, null), path -> "s3://b/" + path).model())
        .isEqualTo("s3://b/" + one);
  }
}
