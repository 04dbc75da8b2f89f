package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentifyCommandTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path model;
  private static Path gallery;
  private static Path face;

  @BeforeAll
  static void drawFacesAndWriteAModel() throws IOException {
    model = TinyModel.write(shared, 16);
    DrawnFolders.draw(shared);
    gallery = shared.resolve("train");
    face = gallery.resolve("p1/0.jpg");
  }

  private static CommandRun identify(Path image, Path known, Object... more) {
    Object[] command = {"identify", image, "--gallery", known, "--model", model};
    Object[] all = new Object[command.length + more.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return CommandRun.of(all);
  }

  @Test
  void theSameImageIsFoundFirstAndNamedAboveTheThreshold() throws IOException {
    Path json = folder.resolve("who.json");
    CommandRun run = identify(face, gallery, "--threshold", 0.999, "--top", 2, "--json", json);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out().lines().skip(1).findFirst().orElseThrow())
        .contains("1", "p1", "1.0000", face.toString());
    assertThat(run.out()).contains("p1, of " + DrawnFolders.PEOPLE + " people: the threshold is");
    JsonNode summary = new JsonMapper().readTree(json.toFile());
    assertThat(summary.get("person").asText()).isEqualTo("p1");
    assertThat(summary.get("ranked")).hasSize(2);
  }

  @Test
  void belowTheThresholdItIsNobody() throws IOException {
    Path others = Files.createDirectories(folder.resolve("others"));
    Files.copy(gallery.resolve("p0/0.jpg"), others.resolve("somebody.jpg"));
    Files.writeString(others.resolve("broken.jpg"), "<html></html>");
    CommandRun run = identify(face, others, "--threshold", 1);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("somebody").contains("none of the 1 people");
    assertThat(run.err()).contains("left out: ", "broken.jpg: unknown-type");
    assertThat(identify(face, others).out()).contains("no verdict: ", "give --threshold");
  }

  @Test
  void everyFaceOfAPhotographHasAListOfItsOwn() throws IOException {
    Path couple = RealData.path("photos/couple.jpg");
    Path json = folder.resolve("who.json");
    Path known = Files.createDirectories(folder.resolve("known"));
    Files.copy(couple, known.resolve("couple.jpg"));
    CommandRun run =
        identify(
            couple,
            known,
            "--all-faces",
            "--detector",
            RealData.path("detectors/yunet_n_dynamic.onnx"),
            "--threshold",
            0.9999,
            "--json",
            json);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("face 0 at ", "face 1 at ", "couple, of 1 people: ");
    JsonNode faces = new JsonMapper().readTree(json.toFile()).get("faces");
    assertThat(faces).hasSize(2);
    assertThat(faces.get(0).get("person").asText()).isEqualTo("couple");
    assertThat(faces.get(1).get("ranked").get(0).get("similarity").asDouble()).isLessThan(1);
    assertThat(faces.get(1).get("landmarks")).hasSize(10);
  }

  @Test
  void aGalleryWithoutFacesAndAWrongNumberAreRefused() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThat(identify(face, empty).exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(identify(face, gallery, "--top", 0).exitCode()).isEqualTo(ExitCodes.RECIPE);
    Files.writeString(empty.resolve("broken.jpg"), "<html></html>");
    CommandRun run = identify(face, empty);
    assertThat(run.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err()).contains("no image below " + empty + " gave a face; add --detector");
  }
}
