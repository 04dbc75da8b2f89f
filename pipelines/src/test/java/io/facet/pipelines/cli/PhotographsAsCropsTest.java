package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.BilinearWarp;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.SimilarityTransform;
import io.facet.models.option.CommandLineForm;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Photographs of the size of a crop are told from aligned faces. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PhotographsAsCropsTest {
  private static final int PHOTOGRAPHS = 40;
  private static final int SIDE = 112;

  @TempDir private Path folder;

  /** Each photograph made as small as a crop, and its aligned face: in folders of two people. */
  private void write(Path detector) throws IOException {
    List<Path> photographs;
    try (Stream<Path> files = Files.walk(RealData.path("lfw_dev/images"))) {
      photographs =
          files.filter(f -> f.toString().endsWith(".jpg")).sorted().limit(PHOTOGRAPHS).toList();
    }
    AlignOptions options =
        AlignOptions.with(
            CommandLineForm.parse("detector", FaceDetector.class, "yunet:" + detector));
    try (FaceAligner aligner = FaceAligner.open(options)) {
      for (int i = 0; i < photographs.size(); i++) {
        byte[] photograph = Files.readAllBytes(photographs.get(i));
        Pixels pixels = ImageDecoder.decode(photograph);
        SimilarityTransform smaller =
            new SimilarityTransform((double) SIDE / pixels.width(), 0, 0, 0);
        String name = "p%d/%d.png".formatted(i % 2, i);
        write("photographs/" + name, BilinearWarp.warp(pixels, smaller, SIDE, SIDE));
        if (aligner.align(photograph) instanceof Aligned face) {
          write((i < 4 ? "images/q" : "crops/p") + name.substring(1), face.crop());
        }
      }
    }
    Files.writeString(
        folder.resolve("pairs.csv"),
        "left,right,same,fold\nq0/0.png,q0/2.png,1,0\nq0/0.png,q1/1.png,0,1\n");
  }

  private void write(String name, Pixels pixels) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, FaceEncoder.png(pixels));
  }

  @Test
  void aSourceOfThemIsNamedAndItsShareIsLimited() throws Exception {
    Path detector = RealData.path("detectors/yunet_n_dynamic.onnx");
    write(detector);
    String recipe =
        DrawnFolders.recipe(folder)
            .replace(
                "    - folder: {path: train, namespace: train}\n",
                """
                    - folder: {path: crops, namespace: crops}
                    - folder: {path: photographs, namespace: photographs}
                """)
            .replace("detector: none", "detector: {yunet: {model: %s}}".formatted(detector));
    Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
    Object[] command = {"data", file, "--store", folder.resolve("store"), "--fail-on"};

    CommandRun run = CommandRun.of(command(command, "unaligned-crops=0.1"));

    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.GATE);
    assertThat(run.out())
        .contains("train.1: 40 of 40 pictures taken as aligned crops have the face elsewhere")
        .contains("say aligned: false in the source")
        .doesNotContain("train.0: ", "pairs: ");
    assertThat(run.err()).contains("unaligned-crops is 0.5063, more than 0.1");

    CommandRun allowed = CommandRun.of(command(command, "unaligned-crops=0.6"));

    assertThat(allowed.exitCode()).as(allowed.said()).isZero();
  }

  private static Object[] command(Object[] words, Object more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }
}
