package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.DataException;
import io.facet.models.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrfdDetectorTest {
  private static final ScrfdDetector SCRFD = new ScrfdDetector();

  private static ScrfdDetector.Options options(Path model) {
    return new ScrfdDetector.Options(model.toString(), Optional.empty(), 0.5, 0.4, true, 1);
  }

  private static ScrfdSession open() {
    return SCRFD.open(options(RealData.path("detectors/scrfd_500m_bnkps.onnx")));
  }

  @Test
  void landmarksAreThoseOfAnotherDetectorWithinAFewPercentOfTheEyeDistance() throws IOException {
    List<String> rows = Files.readAllLines(RealData.path("lfw_dev/landmarks5_yunet.csv"));
    List<Double> gaps = new ArrayList<>();
    int found = 0;
    try (ScrfdSession scrfd = open()) {
      for (int i = 1; i < rows.size(); i += 75) {
        String[] row = rows.get(i).split(",", -1);
        Pixels image = ImageDecoder.decode(RealData.bytes("lfw_dev/images/" + row[0]));
        List<DetectedFace> faces = scrfd.detect(image);
        if (faces.isEmpty()) {
          continue;
        }
        found++;
        float[] points = FacePicker.pick(image, faces, SeveralFaces.LARGEST_CENTRAL).landmarks();
        double sum = 0;
        float[] given = new float[10];
        for (int n = 0; n < 10; n++) {
          given[n] = Float.parseFloat(row[6 + n]);
        }
        for (int n = 0; n < 10; n += 2) {
          sum += Math.hypot(points[n] - given[n], points[n + 1] - given[n + 1]);
        }
        gaps.add(sum / 5 / Math.hypot(given[0] - given[2], given[1] - given[3]));
      }
    }
    Collections.sort(gaps);
    assertThat(found).isGreaterThan(36); // of 40
    assertThat(gaps.get(gaps.size() / 2)).isLessThan(0.08);
  }

  @Test
  void faceThatFillsTheImageIsFoundInABorder() {
    Pixels tight = ImageDecoder.decode(RealData.bytes("cfp_train/images/212/profile/01.jpg"));
    try (ScrfdSession scrfd = open()) {
      List<DetectedFace> found = scrfd.detect(tight);
      assertThat(found).hasSize(1);
      // YuNet's reference table has the left mouth corner at (140.21, 118.22).
      assertThat(found.get(0).landmarks()[8]).isCloseTo(140.21f, within(12f));
      assertThat(found.get(0).landmarks()[9]).isCloseTo(118.22f, within(12f));
    }
  }

  @Test
  void everyFaceOfAGroupIsFoundInPixelsOfTheImage() {
    Pixels image = ImageDecoder.decode(RealData.bytes("photos/couple.jpg"));
    try (ScrfdSession scrfd = open()) {
      assertThat(scrfd.detect(image))
          .hasSize(2)
          .allSatisfy(
              face -> {
                assertThat(face.x() + face.width()).isBetween(0f, (float) image.width());
                assertThat(face.landmarks()[0]).isLessThan(face.landmarks()[2]);
              });
    }
  }

  @Test
  void emptyAndTinyImagesHaveNoFace() {
    try (ScrfdSession scrfd = open()) {
      for (int[] size : new int[][] {{1, 1}, {33, 1}, {4000, 40}, {64, 64}}) {
        assertThat(scrfd.detect(new Pixels(size[0], size[1], new byte[size[0] * size[1] * 3])))
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"detectors/yunet_n_640_640.onnx", "weights/foamliu_MobileFaceNet.onnx"})
  void otherModelsAreRefusedWhenTheyAreOpened(String file) {
    Path model = RealData.path(file);
    assertThatThrownBy(() -> SCRFD.open(options(model)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not an SCRFD with landmarks")
        .hasMessageContaining("scrfd_500m_bnkps.onnx");
  }

  @Test
  void identityFollowsTheContentAndNotThePath(@TempDir Path folder) throws IOException {
    Path one = Files.write(folder.resolve("one.onnx"), new byte[] {1});
    Path copy = Files.write(folder.resolve("copy.onnx"), new byte[] {1});
    Path other = Files.write(folder.resolve("other.onnx"), new byte[] {2});
    assertThat(SCRFD.identity(options(one))).isEqualTo(SCRFD.identity(options(copy)));
    assertThat(SCRFD.identity(options(one))).isNotEqualTo(SCRFD.identity(options(other)));
    assertThat(SCRFD.withFiles(options(one), path -> "s3://b/" + path).model())
        .isEqualTo("s3://b/" + one);
  }
}
