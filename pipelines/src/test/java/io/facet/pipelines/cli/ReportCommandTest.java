package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path folder;

  private Path store(String recipe) throws IOException {
    Path store = folder.resolve("store");
    StoredRun.write(store, List.of("none#1"), recipe);
    return store;
  }

  @Test
  void thePageLiesInTheFolderOfTheRun() throws IOException {
    Path store = store("name: tiny\n");
    CommandRun run = CommandRun.of("report", "1f0c", "--store", store);
    assertThat(run.exitCode()).as(run.said()).isZero();
    Path page = store.resolve("runs").resolve(StoredRun.ID).resolve("report.html");
    assertThat(run.out().strip()).isEqualTo(page.toString());
    assertThat(page).content().startsWith("<!DOCTYPE html>").doesNotContain("<img");
  }

  @Test
  void anotherPlaceMayBeNamed() throws IOException {
    Path store = store("name: tiny\n");
    Path page = folder.resolve("new/page.html");
    assertThat(CommandRun.of("report", "--store", store, "--out", page).exitCode()).isZero();
    assertThat(page).exists();
    assertThat(store.resolve("runs").resolve(StoredRun.ID).resolve("report.html")).doesNotExist();
    CommandRun onFolder = CommandRun.of("report", "--store", store, "--out", folder);
    assertThat(onFolder.exitCode()).isEqualTo(2);
    assertThat(onFolder.err()).contains("--out: ", "is a folder; name a file");
  }

  @Test
  void theRecordOfTheRunIsNotOverwritten() throws IOException {
    Path store = store("name: tiny\n");
    Path record = store.resolve("runs").resolve(StoredRun.ID).resolve("run.json");
    String before = Files.readString(record);
    CommandRun run = CommandRun.of("report", "--store", store, "--out", record);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(record).hasContent(before);
  }

  @Test
  void picturesAreForWhoAsks() throws IOException {
    Path store = store("name: tiny\n");
    CommandRun run = CommandRun.of("report", "--store", store, "--pictures");
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(Path.of(run.out().strip()))
        .hasFileName("report-with-pictures.html")
        .content()
        .contains("src=\"data:image/jpeg;base64,");
  }

  @Test
  void aRecipeMayForbidPictures() throws IOException {
    Path store = store("name: tiny\nreport: {pictures: false}\n");
    CommandRun asked = CommandRun.of("report", "--store", store, "--pictures");
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err()).contains("--pictures: ", "forbids pictures of faces");
    CommandRun sheet =
        CommandRun.of(
            "errors", "--store", store, "--model", "none#1", "--sheet", folder.resolve("s.png"));
    assertThat(sheet.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("s.png")).doesNotExist();
    CommandRun plain = CommandRun.of("report", "--store", store);
    assertThat(Path.of(plain.out().strip())).content().contains("the recipe forbids it");
  }

  @Test
  void picturesOfARunWithoutRecipeAreRefused() throws IOException {
    CommandRun run = CommandRun.of("report", "--store", store(""), "--pictures");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("kept no recipe, which might forbid pictures");
  }

  @Test
  void anUnknownRunIsNamedWithTheNewest() throws IOException {
    CommandRun run = CommandRun.of("report", "other", "--store", store("name: tiny\n"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("run 'other'", "the newest is tiny " + StoredRun.ID);
  }

  @Test
  void anArtifactThatIsGoneIsSaid() throws IOException {
    Path store = store("name: tiny\n");
    Files.delete(store.resolve("align").resolve("%064x".formatted(2)).resolve("COMMITTED"));
    CommandRun run = CommandRun.of("report", "--store", store);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(Path.of(run.out().strip()))
        .content()
        .contains("its artifact is no longer in the store");
  }
}
