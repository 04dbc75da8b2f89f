package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One flipped byte in each kind of artifact is found, named, and made again with the same rows. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamagedStoreTest {
  /** A file of each kind of table and model. */
  private static final List<String> KINDS =
      List.of(
          "ingest/*/attempt-*/images/*/*.parquet",
          "align/*/attempt-*/faces/*/*.parquet",
          "pack/*/attempt-*/pack/*.parquet",
          "distill/*/attempt-*/model.safetensors",
          "evaluate/*/attempt-*/scores/*.parquet",
          "publish/*/attempt-*/student.onnx");

  @TempDir Path folder;

  @Test
  void aFlippedByteInEachKindOfArtifactIsFoundAndMadeAgain() throws Exception {
    Path store = folder.resolve("store");
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    JsonSummary sound = JsonSummary.ofRun(folder.resolve("1.json"), recipe, store);
    assertThat(CommandRun.of("verify", store).out()).contains(": all as committed");

    List<Path> damaged = new ArrayList<>();
    for (String kind : KINDS) {
      damaged.add(flip(largest(store, kind)));
    }
    Path checkpoint = flip(last(store, "distill/*/attempt-*/checkpoints/training/*"));

    CommandRun verify = CommandRun.of("verify", store);
    assertThat(verify.exitCode()).as(verify.said()).isEqualTo(ExitCodes.DATA);
    assertThat(verify.out()).contains(damaged.size() + " files are damaged");
    for (Path file : damaged) {
      assertThat(verify.out()).contains(file + " is damaged: expected SHA-256 ");
    }
    assertRefused(damaged);

    CommandRun run =
        CommandRun.of(
            "run", recipe, "--store", store, "--tracking-uri", "none", "--json", json("2"));
    assertThat(run.exitCode()).as(run.said()).isZero();
    for (Path file : damaged) {
      assertThat(run.err()).contains(file + " is damaged: expected SHA-256 ");
    }
    assertThat(run.err())
        .contains("set aside in " + store, "; made again", " is damaged: expected SHA-256 ")
        .contains(checkpoint.getFileName().toString())
        .contains("goes on at step ");
    JsonSummary again = JsonSummary.read(json("2"));
    assertThat(again.named(false)).contains("ingest", "align", "distill[none#1]", "publish");
    assertThat(again.digests()).isEqualTo(sound.digests());
    assertThat(damaged).as("set aside, not deleted").allMatch(Files::exists);
    verify = CommandRun.of("verify", store);
    assertThat(verify.exitCode()).as(verify.said()).isZero();
    assertThat(verify.out()).contains("set aside earlier: " + store);

    assertDamagedManifestIsMadeAgain(store, recipe, sound);
  }

  private void assertDamagedManifestIsMadeAgain(Path store, Path recipe, JsonSummary sound)
      throws IOException {
    Path ingest = JsonSummary.read(json("2")).artifact("ingest");
    Path manifest = flip(ingest.resolve("manifest.json"));
    CommandRun verify = CommandRun.of("verify", ingest);
    assertThat(verify.exitCode()).as(verify.said()).isEqualTo(ExitCodes.DATA);
    assertThat(verify.out()).contains(manifest + " is damaged: expected SHA-256 ");
    JsonSummary again = JsonSummary.ofRun(json("3"), recipe, store);
    assertThat(again.named(false)).containsExactly("ingest");
    assertThat(again.digests()).isEqualTo(sound.digests());
  }

  /** Nothing that reads a file of the store takes it for what it was. */
  private static void assertRefused(List<Path> damaged) {
    for (Path file : damaged) {
      CommandRun inspect = CommandRun.of("inspect", file);
      assertThat(inspect.exitCode()).as(inspect.said()).isEqualTo(ExitCodes.DATA);
      assertThat(inspect.err()).contains(file + " is damaged: expected SHA-256 ");
      Path artifact = file;
      while (!artifact.getFileName().toString().startsWith("attempt-")) {
        artifact = artifact.getParent();
      }
      CommandRun whole = CommandRun.of("inspect", artifact);
      assertThat(whole.exitCode()).as(whole.said()).isEqualTo(ExitCodes.DATA);
      assertThat(whole.out()).contains(file + " is damaged: expected SHA-256 ");
    }
    for (String name : List.of("model.safetensors", "student.onnx")) {
      Path model = damaged.stream().filter(f -> f.endsWith(name)).findFirst().orElseThrow();
      CommandRun evaluate = CommandRun.of("evaluate", "--model", model, "--on", "synthetic:1");
      assertThat(evaluate.exitCode()).as(evaluate.said()).isEqualTo(ExitCodes.DATA);
      assertThat(evaluate.err()).contains(model + " is damaged: expected SHA-256 ");
    }
  }

  private Path json(String name) {
    return folder.resolve(name + ".json");
  }

  private static Path largest(Path store, String pattern) throws IOException {
    Path largest = null;
    for (Path file : ChildProcess.files(store, pattern)) {
      if (largest == null || Files.size(file) > Files.size(largest)) {
        largest = file;
      }
    }
    assertThat(largest).as(pattern).isNotNull();
    return largest;
  }

  private static Path last(Path store, String pattern) throws IOException {
    return ChildProcess.files(store, pattern).stream().sorted().reduce((a, b) -> b).orElseThrow();
  }

  /** Changes one bit in the middle of a file. */
  private static Path flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    return file;
  }
}
