package io.facet.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemTagsTest {
  @TempDir Path folder;

  @Test
  void aFolderOutsideAnyWorkingCopyHasNoCommit() {
    Map<String, String> tags = SystemTags.collect("facet demo", folder.getRoot());
    assertThat(tags)
        .containsEntry("mlflow.user", System.getProperty("user.name"))
        .containsEntry("mlflow.source.name", "facet demo")
        .doesNotContainKey("mlflow.source.git.commit");
  }

  @Test
  void commitAndChangesOfAWorkingCopyAreTold() throws Exception {
    Assumptions.assumeTrue(git("init", "--quiet"), "no git here");
    Path file = Files.writeString(folder.resolve("file"), "one");
    git("add", "file");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first");
    Map<String, String> clean = SystemTags.collect("facet run", folder);
    assertThat(clean.get("mlflow.source.git.commit")).matches("[0-9a-f]{40}");
    assertThat(clean).containsEntry("facet.git.dirty", "false");
    Files.writeString(file, "two");
    assertThat(SystemTags.collect("facet run", folder)).containsEntry("facet.git.dirty", "true");
  }

  private boolean git(String... arguments) throws InterruptedException {
    try {
      ProcessBuilder builder = new ProcessBuilder("git", "-C", folder.toString());
      builder.command().addAll(java.util.List.of(arguments));
      return builder.start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
