package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan says what it takes the images of a source for. */
class AlignedSourcesTest {
  @TempDir Path folder;

  private String plan(String detector, String aligned) throws IOException {
    String text =
        DrawnFolders.recipe(folder)
            .replace("detector: none", "detector: " + detector)
            .replace("{path: train, namespace: train}", "{path: train, aligned: " + aligned + "}");
    Path recipe = Files.writeString(folder.resolve("recipe.yaml"), text);
    return CommandRun.of("plan", recipe, "--store", folder.resolve("store")).said();
  }

  @Test
  void aPlanTellsWhatItTookForCropsUnlessTheRecipeDoes() throws IOException {
    DrawnFolders.draw(folder);
    assertThat(plan("given", "auto"))
        .contains(
            "train.0: 3 of 3 images looked at are aligned crops of 112x112 pixels, taken as they are"
                + " (aligned: auto)");
    assertThat(plan("given", "true")).doesNotContain("train.0: 3 of 3");
    assertThat(plan("given", "false")).doesNotContain("train.0: 3 of 3");
    assertThat(plan("none", "auto")).doesNotContain("looked at");
    assertThat(plan("given", "maybe")).contains("must be one of auto, true, false, is 'maybe'");
  }
}
