package io.facet.pipelines.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHashesTest {
  @TempDir private Path folder;
  private final MovableClock clock = new MovableClock();
  private Path picture;
  private String memory;

  @BeforeEach
  void picture() throws IOException {
    picture = Files.writeString(folder.resolve("a.jpg"), "abc");
    memory = folder.resolve("cache/file-hashes.tsv").toString();
  }

  @Test
  void remembersAnUnchangedFileWithoutReadingIt() throws IOException {
    age(picture, Duration.ofHours(1));
    FileTime time = Files.getLastModifiedTime(picture);
    FileHashes first = FileHashes.open(memory, clock);
    String sha256 = first.sha256(picture);
    first.save();

    Files.writeString(picture, "xyz"); // same size and, below, same time: cannot be told apart
    Files.setLastModifiedTime(picture, time);
    assertThat(FileHashes.open(memory, clock).sha256(picture)).isEqualTo(sha256);
    assertThat(sha256).isEqualTo(FileDigests.sha256("abc".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void seesAChangedFile() throws IOException {
    age(picture, Duration.ofHours(1));
    FileHashes hashes = FileHashes.open(memory, clock);
    String before = hashes.sha256(picture);
    Files.writeString(picture, "abcd");
    assertThat(hashes.sha256(picture)).isNotEqualTo(before);
  }

  @Test
  void doesNotRememberAFileThatChangedAMomentAgo() throws IOException {
    FileHashes hashes = FileHashes.open(memory, clock);
    FileTime time = Files.getLastModifiedTime(picture);
    String before = hashes.sha256(picture);
    Files.writeString(picture, "xyz");
    Files.setLastModifiedTime(picture, time);
    assertThat(hashes.sha256(picture)).isNotEqualTo(before);
  }

  @Test
  void digestOfManyFilesDependsOnNamesAndContentsOnly() throws IOException {
    FileHashes hashes = FileHashes.open(memory, clock);
    Path b = Files.writeString(folder.resolve("b.jpg"), "b");
    String digest = hashes.digest(folder, List.of(picture, b));
    assertThat(hashes.digest(folder, List.of(b, picture))).isEqualTo(digest);

    Path elsewhere = Files.createDirectory(folder.resolve("moved"));
    Files.copy(picture, elsewhere.resolve("a.jpg"));
    Files.copy(b, elsewhere.resolve("b.jpg"));
    assertThat(
            hashes.digest(
                elsewhere, List.of(elsewhere.resolve("a.jpg"), elsewhere.resolve("b.jpg"))))
        .isEqualTo(digest);
    assertThat(hashes.digest(folder, List.of(picture))).isNotEqualTo(digest);
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> FileHashes.open(memory, clock).sha256(folder.resolve("none.jpg")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.jpg: no such file");
  }

  private void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }
}
