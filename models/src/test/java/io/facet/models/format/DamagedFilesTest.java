package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every reader meets damage with a {@link DataException} that names the file. */
class DamagedFilesTest {
  @TempDir Path folder;

  private interface Reader {
    void read(Path file) throws IOException;
  }

  private static Path golden(String path) throws URISyntaxException {
    return Path.of(DamagedFilesTest.class.getResource("/golden/recordio/" + path).toURI());
  }

  private static void readRecords(Path rec) throws IOException {
    Path idx = rec.resolveSibling("data.idx");
    if (!Files.exists(idx)) {
      Files.writeString(idx, "0\t0\n1\t40\n");
    }
    RecordIo.read(rec, image -> {});
  }

  private static Reader reader(String file) {
    if (file.endsWith(".pth")) {
      return PthFile::read;
    }
    if (file.endsWith(".bin")) {
      return PairsBin::read;
    }
    return file.endsWith(".rec") ? DamagedFilesTest::readRecords : Safetensors::read;
  }

  @ParameterizedTest
  @CsvSource({
    "pth_zip/model.pth",
    "pth_legacy/model.pth",
    "bin_protocol2/pairs.bin",
    "bin_protocol3/pairs.bin",
    "bin_protocol4/pairs.bin",
    "safetensors_valid/weights.safetensors",
    "rec_plain/data.rec"
  })
  void damagedBytesEndInAClearErrorOrAreHarmless(String name) throws Exception {
    Path source = golden(name);
    Path copy = folder.resolve(source.getFileName());
    if (name.endsWith(".rec")) {
      Files.copy(source.resolveSibling("data.idx"), folder.resolve("data.idx"));
    }
    byte[] whole = Files.readAllBytes(source);
    SplittableRandom random = new SplittableRandom(1);
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= round % 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(copy, damaged);
      try {
        reader(name).read(copy);
      } catch (DataException e) {
        assertThat(e).hasMessageContaining(folder.toString());
        assertThat(e.getMessage()).doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "pth_zip/model.pth",
    "pth_legacy/model.pth",
    "bin_protocol2/pairs.bin",
    "bin_protocol4/pairs.bin",
    "rec_plain/data.rec"
  })
  void everyCutIsRefused(String name) throws Exception {
    Path source = golden(name);
    Path copy = folder.resolve(source.getFileName());
    byte[] whole = Files.readAllBytes(source);
    int end = name.endsWith(".rec") ? 92 : whole.length; // the index lists the first two records
    for (int length = 0; length < end; length++) {
      Files.write(copy, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> reader(name).read(copy))
          .as("%d bytes", length)
          .isInstanceOf(DataException.class)
          .hasMessageContaining(copy.toString());
    }
  }

  @Test
  void missingFilesAreNamed() {
    Path missing = folder.resolve("missing");
    Reader records = file -> RecordIo.read(file, image -> {});
    for (Reader reader : new Reader[] {PthFile::read, PairsBin::read, records, Npy::read}) {
      assertThatThrownBy(() -> reader.read(missing))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(missing.toString())
          .hasMessageContaining("does not exist");
    }
  }
}
