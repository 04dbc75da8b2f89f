package io.facet.pipelines.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  private static final int ARTIFACTS = Catalogue.BATCH + 4;

  @TempDir private Path root;

  @BeforeEach
  void fill() throws IOException {
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      for (int i = 0; i < ARTIFACTS; i++) {
        StoredArtifacts.commit(store, "distill", fingerprint(i), Map.of());
      }
    }
    age();
  }

  private static String fingerprint(int number) {
    return "f%02d".formatted(number);
  }

  /** Makes all files older than what counts as just written. */
  private void age() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));
      }
    }
  }

  private Path file() {
    return root.resolve("distill").resolve(Catalogue.FILE);
  }

  private List<String> listed() {
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      return store.listed("distill").stream()
          .map(a -> a.manifest().fingerprint())
          .sorted()
          .toList();
    }
  }

  private Path marker(int number) {
    return root.resolve("distill").resolve(fingerprint(number)).resolve("COMMITTED");
  }

  private Path manifest(int number) throws IOException {
    try (Stream<Path> attempts = Files.list(marker(number).getParent())) {
      return attempts.filter(Files::isDirectory).findFirst().orElseThrow().resolve("manifest.json");
    }
  }

  @Test
  void manyManifestsAreKeptInOneFileThatGivesTheSameList() throws IOException {
    List<String> read = listed();
    assertThat(read).hasSize(ARTIFACTS);
    assertThat(file()).exists();
    Path manifest = manifest(3);
    FileTime time = Files.getLastModifiedTime(manifest);
    Files.write(manifest, new byte[(int) Files.size(manifest)]);
    Files.setLastModifiedTime(manifest, time);
    assertThat(listed()).as("an unchanged manifest is not read again").isEqualTo(read);
    Files.setLastModifiedTime(manifest, FileTime.from(Instant.now()));
    assertThat(listed()).as("a changed one is").hasSize(ARTIFACTS - 1);
  }

  @Test
  void whatIsCommittedOrGoneLaterIsSeenAtOnce() throws IOException {
    try (ArtifactStore store = ArtifactStore.open(root.toString());
        ArtifactStore other = ArtifactStore.open(root.toString())) {
      assertThat(store.listed("distill")).hasSize(ARTIFACTS);
      StoredArtifacts.commit(other, "distill", "later", Map.of());
      assertThat(store.listed("distill")).hasSize(ARTIFACTS + 1);
      Files.delete(marker(5));
      assertThat(store.listed("distill")).hasSize(ARTIFACTS);
    }
    assertThat(listed()).contains("later").doesNotContain(fingerprint(5));
  }

  @Test
  void aDamagedCatalogueIsMadeAgain() throws IOException {
    List<String> read = listed();
    Files.writeString(file(), "{\"f00\": {\"attempt\": 3");
    assertThat(listed()).isEqualTo(read);
    assertThat(Files.readString(file())).startsWith("{").contains("\"f19\"");
  }

  @Test
  void nothingOfARemovedArtifactIsLeftInIt() throws IOException {
    listed();
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      store.remove(store.find("distill", fingerprint(2)).artifact().orElseThrow());
      assertThat(file()).doesNotExist();
    }
    assertThat(listed()).doesNotContain(fingerprint(2));
    assertThat(Files.readString(file()))
        .doesNotContain('"' + fingerprint(2) + '"')
        .contains('"' + fingerprint(3) + '"');
  }

  @Test
  void fewManifestsNeedNoCatalogue() throws IOException {
    Files.delete(marker(0));
    for (int i = 1; i < ARTIFACTS - Catalogue.BATCH + 1; i++) {
      Files.delete(marker(i));
    }
    assertThat(listed()).hasSize(Catalogue.BATCH - 1);
    assertThat(file()).doesNotExist();
  }
}
