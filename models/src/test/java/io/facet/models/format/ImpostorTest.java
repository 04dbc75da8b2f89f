package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lies where another file is expected is named. */
class ImpostorTest {
  @TempDir Path folder;

  private interface Reader {
    void read(Path file);
  }

  private static final List<Reader> READERS =
      List.of(
          WeightsFile::read,
          file -> WeightsFile.readStored(file, file.toString()),
          PthFile::read,
          Safetensors::read,
          PairsBin::read);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n'|Git LFS pointer",
        "'\n<!DOCTYPE html>\n<html lang=\"en\"><head>'|web page (HTML)",
        "'<html><body>Not found</body></html>'|web page (HTML)",
        "'{\"error\": \"rate limit\"}'|JSON text",
        "'\u0089HDF\r\n\u001a\n'|HDF5",
        "'\u001f\u008b\b'|gzip",
        "'%PDF-1.7'|PDF",
      })
  void everyReaderSaysWhatTheFileIs(String start, String name) throws IOException {
    Path file = Files.write(folder.resolve("model"), start.getBytes(StandardCharsets.ISO_8859_1));
    for (Reader reader : READERS) {
      assertThatThrownBy(() -> reader.read(file))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(name);
    }
  }

  @Test
  void anArchiveIsToBeUnpacked() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("model.bin".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 9);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    Path file = Files.write(folder.resolve("model"), tar);
    for (Reader reader : READERS) {
      assertThatThrownBy(() -> reader.read(file))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("tar archive; unpack it");
    }
  }

  @Test
  void anEmptyFileIsToBeFetchedAgain() throws IOException {
    Path file = Files.createFile(folder.resolve("model"));
    for (Reader reader : READERS) {
      assertThatThrownBy(() -> reader.read(file))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("is empty; fetch it again");
    }
  }

  @Test
  void recordsAndTheirIndexMayBeImpostorsToo() throws IOException {
    byte[] page = Arrays.copyOf("<html><body>".getBytes(StandardCharsets.US_ASCII), 600);
    Path rec = Files.write(folder.resolve("train.rec"), page);
    Path idx = Files.writeString(folder.resolve("train.idx"), "0\t0\n1\t40\n");
    assertThatThrownBy(() -> RecordIo.read(rec, image -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.rec is a web page");
    Files.writeString(idx, "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n");
    assertThatThrownBy(() -> RecordIo.read(rec, image -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.idx is a Git LFS pointer");
  }
}
