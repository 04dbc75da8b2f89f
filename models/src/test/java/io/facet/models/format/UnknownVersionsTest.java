package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader refuses versions of a format that it does not know, and names file and version. */
class UnknownVersionsTest {
  private static final HexFormat HEX = HexFormat.of();

  @TempDir Path folder;

  private static byte[] golden(String path) throws IOException, URISyntaxException {
    return Files.readAllBytes(
        Path.of(UnknownVersionsTest.class.getResource("/golden/recordio/" + path).toURI()));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 99, 255})
  void picklesOfLaterProtocolsAreRefused(int protocol) throws Exception {
    byte[] set = golden("bin_protocol4/pairs.bin");
    assertThat(set[0]).isEqualTo((byte) 0x80);
    for (int known = 2; known <= 5; known++) {
      set[1] = (byte) known;
      assertThat(PairsBin.read(set, "set.bin").same()).isNotEmpty();
    }
    set[1] = (byte) protocol;

    assertThatThrownBy(() -> PairsBin.read(set, "set.bin"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("set.bin")
        .hasMessageContaining("protocol " + protocol)
        .hasMessageContaining("0 to 5");
  }

  @Test
  void weightsOfALaterPickleProtocolAreRefusedByTheirProtocol() throws Exception {
    byte[] weights = golden("pth_legacy/model.pth");
    weights[1] = 99;
    Path file = Files.write(folder.resolve("model.pth"), weights);

    assertThatThrownBy(() -> WeightsFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("protocol 99");
  }

  @Test
  void weightsOfALaterOlderFormAreRefused() throws Exception {
    byte[] weights = golden("pth_legacy/model.pth");
    String before = HEX.formatHex(weights);
    String after = before.replaceFirst("80024de9032e", "80024dea032e"); // 1001, 1002
    assertThat(after).isNotEqualTo(before);
    Path file = Files.write(folder.resolve("model.pth"), HEX.parseHex(after));

    assertThatThrownBy(() -> PthFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("version 1002");
  }

  @ParameterizedTest
  @ValueSource(strings = {"11", "99", "a\nb"})
  void weightsOfALaterContainerAreRefused(String version) throws Exception {
    Path file = folder.resolve("model.pth");
    withVersion(golden("pth_zip/model.pth"), "10\n", file);
    assertThat(PthFile.read(file).tensors()).isNotEmpty();
    withVersion(golden("pth_zip/model.pth"), version, file);

    assertThatThrownBy(() -> PthFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.pth")
        .hasMessageContaining("version " + (version.length() == 2 ? version : "unknown"))
        .hasMessageContaining("known are 1 to 10");
  }

  private void withVersion(byte[] archive, String version, Path file) throws IOException {
    Path original = Files.write(folder.resolve("original.pth"), archive);
    boolean found = false;
    try (ZipFile in = new ZipFile(original.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (ZipEntry entry : in.stream().toList()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        boolean that = entry.getName().endsWith("/version");
        found |= that;
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        out.write(that ? version.getBytes(StandardCharsets.US_ASCII) : bytes);
      }
    }
    assertThat(found).isTrue();
  }

  @Test
  void arraysOfALaterVersionAreRefused() {
    byte[] array = Npy.write(new Npy.Floats(new Shape(1), new float[1]));
    array[6] = 3;

    assertThatThrownBy(() -> Npy.read(array, "x.npy"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("x.npy")
        .hasMessageContaining("version is 3.0");
  }

  @Test
  void recordsWithPartsOfAnUnknownKindAreRefused() throws Exception {
    byte[] records = golden("rec_plain/data.rec");
    Files.write(folder.resolve("data.idx"), golden("rec_plain/data.idx"));
    Path file = Files.write(folder.resolve("data.rec"), records);
    List<RecordIo.Image> whole = new ArrayList<>();
    RecordIo.read(file, whole::add);
    records[(int) whole.get(0).offset() + 7] |=
        (byte) 0xA0; // the upper three bits of the length: 5
    Files.write(file, records);

    assertThatThrownBy(() -> RecordIo.read(file, image -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record %d at byte %d".formatted(1, whole.get(0).offset()))
        .hasMessageContaining("unknown kind 5");
  }

  @Test
  void aSafetensorsHeaderWhoseLengthLooksLikeAPickleIsRead() throws Exception {
    byte[] found = null;
    for (int filler = 0; found == null || found[0] != (byte) 0x80 || found[1] != 2; filler++) {
      found =
          Safetensors.write(
              Map.of("w", FloatTensor.of("w", new Shape(1), new float[] {7})),
              Map.of("note", "x".repeat(filler)));
    }
    Path file = Files.write(folder.resolve("w.safetensors"), found);

    assertThat(WeightsFile.read(file).tensors().get("w").values()).containsExactly(7);
  }
}
