package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.testing.PackedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that training and a verification set share are found in whatever format they are. */
class SharedImagesTest {
  @TempDir Path folder;

  @BeforeEach
  void draw() throws IOException {
    DrawnFolders.draw(folder);
    List<byte[]> images = new ArrayList<>();
    List<Float> labels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      images.add(Files.readAllBytes(folder.resolve("train/p%d/0.jpg".formatted(i))));
      labels.add((float) i);
    }
    PackedImages.bin(folder.resolve("set.bin"), images, List.of(false, false));
    PackedImages.recordIo(folder.resolve("train.rec"), images, labels);
  }

  private CommandRun run(String train) throws IOException {
    String text =
        DrawnFolders.recipe(folder)
            .replace("folder: {path: train, namespace: train}", train)
            .replace(
                "{csv-pairs: {pairs: pairs.csv, images: images, namespace: other}}",
                "{bin: {path: set.bin}}");
    Path recipe = Files.writeString(folder.resolve("recipe.yaml"), text);
    Path store = folder.resolve("store");
    return CommandRun.of(
        "run", recipe, "--store", store, "--tracking-uri", "none", "--runner", "DirectRunner");
  }

  @Test
  void aFolderAgainstAVerificationSetOfInsightFace() throws IOException {
    CommandRun run = run("folder: {path: train, namespace: train}");
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err())
        .contains(
            "verification set 'pairs' shares 4 images with training source 'train.0': 0 = p0/0.jpg",
            "remove them from one side, or set data.overlap: report",
            "facet inspect");
  }

  @Test
  void aTrainingSetOfInsightFaceAgainstAVerificationSet() throws IOException {
    CommandRun run = run("recordio: {path: train.rec, namespace: train}");
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err()).contains("shares 4 images with training source 'train.0'");
    String table = run.err().replaceAll("(?s).*facet inspect ([^']+)'.*", "$1");
    assertThat(CommandRun.of("inspect", table).out()).contains("image", "train.0");
  }

  @Test
  void skippedFilesAreToldByPlanAndDoctor() throws IOException {
    Files.writeString(folder.resolve("train/p0/notes.txt"), "text");
    String text = DrawnFolders.recipe(folder);
    Path recipe = Files.writeString(folder.resolve("recipe.yaml"), text);
    for (String command : List.of("plan", "doctor")) {
      CommandRun run = CommandRun.of(command, recipe, "--store", folder.resolve("store"));
      assertThat(run.said()).contains("1 file skipped: 1 no image (p0/notes.txt)");
    }
  }
}
