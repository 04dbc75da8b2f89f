package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.pipelines.overview.SmallStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorsCommandTest {
  @TempDir private Path folder;
  private Path store;

  @BeforeEach
  void aFinishedRun() throws IOException {
    store = folder.resolve("store");
    StoredRun.write(store, List.of("none#1", "rkd#1"), "name: tiny\n");
  }

  @Test
  void theThresholdIsStatedAndTheWorstComeFirst() {
    CommandRun run = CommandRun.of("errors", "--store", store, "--model", "rkd#1", "--worst", 3);
    assertThat(run.exitCode()).as(run.said()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines.get(0))
        .matches(
            "rkd#1 on tiny: threshold 0\\.\\d{4} at the equal error rate; \\d+ of 100 different"
                + " pairs accepted, \\d+ of 100 same pairs rejected");
    assertThat(lines).hasSize(8);
    assertThat(lines.subList(2, 5)).allMatch(line -> line.startsWith("false accept"));
    assertThat(lines.subList(5, 8)).allMatch(line -> line.startsWith("false reject"));
  }

  @Test
  void aHostileNameCannotSteerTheTerminal() {
    CommandRun run = CommandRun.of("errors", "--store", store, "--model", "rkd#1");
    assertThat(run.out()).contains("?[2J").doesNotContain("\u001b", "\u202E");
  }

  @Test
  void filesForProgramsHoldTheNamesAsTheyAre() throws IOException {
    Path json = folder.resolve("errors.json");
    Path csv = folder.resolve("errors.csv");
    CommandRun run =
        CommandRun.of(
            "errors",
            "tiny",
            "--store",
            store,
            "--model",
            "rkd#1",
            "--threshold",
            "0.25",
            "--json",
            json,
            "--csv",
            csv);
    assertThat(run.exitCode()).as(run.said()).isZero();
    JsonNode tree = new JsonMapper().readTree(json.toFile());
    assertThat(tree.path("threshold").path("cosine").asDouble()).isEqualTo(0.25);
    assertThat(tree.path("threshold").path("rule").asText()).isEqualTo("as asked for");
    assertThat(tree.path("pairs"))
        .isNotEmpty()
        .allSatisfy(
            pair -> {
              assertThat(pair.path("left").asText()).isEqualTo(SmallStore.HOSTILE);
              boolean accepted = pair.path("score").asDouble() >= 0.25;
              assertThat(pair.path("error").asText())
                  .isEqualTo(accepted ? "false accept" : "false reject");
            });
    assertThat(Files.readAllLines(csv))
        .hasSize(tree.path("pairs").size() + 1)
        .startsWith("error,score,pair,left,right,left_image,right_image");
  }

  @Test
  void aSheetShowsBothFacesOfEachPair() throws IOException {
    Path sheet = folder.resolve("sheet.png");
    CommandRun run =
        CommandRun.of(
            "errors", "--store", store, "--model", "rkd#1", "--worst", 2, "--sheet", sheet);
    assertThat(run.exitCode()).as(run.said()).isZero();
    var image = ImageIO.read(sheet.toFile());
    assertThat(image.getRGB(8 + 56, 8 + 56) & 0xFFFFFF).isEqualTo(0x0000FF); // as the crops are
    assertThat(image.getRGB(2, 2) & 0xFFFFFF).isEqualTo(0xFFFFFF);
  }

  @Test
  void modelsAndSetsThatAreThereAreNamed() {
    CommandRun none = CommandRun.of("errors", "--store", store);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--model: name one; the run measured: none#1, rkd#1");
    CommandRun model = CommandRun.of("errors", "--store", store, "--model", "x");
    assertThat(model.exitCode()).isEqualTo(2);
    assertThat(model.err()).contains("--model: 'x' is none of its; the run measured: none#1");
    CommandRun set = CommandRun.of("errors", "--store", store, "--model", "rkd#1", "--set", "y");
    assertThat(set.exitCode()).isEqualTo(2);
    assertThat(set.err()).contains("--set: 'y' is none of its; rkd#1 was measured on: tiny");
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    for (List<String> options :
        List.of(
            List.of("--worst", "0"),
            List.of("--far", "1.5"),
            List.of("--far", "0.0001"),
            List.of("--threshold", "0.12345"),
            List.of("--threshold", "2"),
            List.of("--threshold", "0.5", "--far", "0.1"),
            List.of("--sheet", "faces.jpg"))) {
      CommandRun run =
          CommandRun.of(
              "errors",
              "--store",
              store,
              "--model",
              "rkd#1",
              options.get(0),
              options.get(1),
              options.size() > 2 ? options.get(2) : "--set",
              options.size() > 2 ? "0.1" : "tiny");
      assertThat(run.exitCode()).as(options.toString()).isEqualTo(2);
      assertThat(run.err()).as(options.toString()).contains(options.get(0));
    }
  }
}
