package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIoTest {
  private static final int RECORDS = 6;

  @TempDir Path folder;
  private Path rec;
  private Path idx;
  private final RecordFile records = new RecordFile(true);

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < RECORDS; i++) {
      records.add(i, new byte[20 + i], i);
    }
    rec = records.save(folder.resolve("train.rec"), true);
    idx = folder.resolve("train.idx");
  }

  private List<RecordIo.Image> read() {
    List<RecordIo.Image> images = new ArrayList<>();
    RecordIo.read(rec, images::add);
    return images;
  }

  private double check() throws IOException {
    try (SeekableByteChannel file = Files.newByteChannel(rec);
        SeekableByteChannel index = Files.newByteChannel(idx)) {
      return RecordIo.check(
          new RecordIo.File(rec.toString(), file),
          Optional.of(new RecordIo.File(idx.toString(), index)));
    }
  }

  @Test
  void withoutAnIndexKeysAreTheOrder() throws IOException {
    Files.delete(idx);
    assertThat(read()).extracting(RecordIo.Image::key).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void anIndexThatPointsIntoARecordIsRefused() throws IOException {
    String lines = Files.readString(idx);
    String right = "3\t" + records.offsets().get(3);
    assertThat(lines).contains(right);
    Files.writeString(idx, lines.replace(right, "3\t" + (records.offsets().get(3) + 4)));
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.idx lists a record at byte " + (records.offsets().get(3) + 4))
        .hasMessageContaining("inside the one at byte");
  }

  @Test
  void anIndexInAnotherOrderIsRefused() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(idx));
    lines.add(lines.remove(1));
    Files.write(idx, lines);
    assertThatThrownBy(this::read).isInstanceOf(DataException.class).hasMessageContaining("train.");
  }

  @Test
  void anIndexMayHoldBlanks() throws IOException {
    String lines = Files.readString(idx);
    Files.writeString(
        idx, "\n \r\n" + lines.replace("\t", " \t ").replace("\n", " \r\n\n").strip());
    assertThat(read()).hasSize(RECORDS).extracting(RecordIo.Image::key).contains(5L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3", "3\t", "three\t0", "3\t0x10", "3\t0\t0", "3\t9223372036854775808", "3\t-1"})
  void aLineOfAnIndexThatIsNotTwoNumbersIsRefused(String line) throws IOException {
    String lines = Files.readString(idx);
    int at = lines.indexOf("3\t");
    Files.writeString(
        idx, lines.substring(0, at) + line + lines.substring(lines.indexOf('\n', at)));
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.idx: the line at byte %d must hold a key".formatted(at));
  }

  @Test
  void aLineOfAnIndexThatDoesNotEndIsRefused() throws IOException {
    Files.writeString(idx, " ".repeat(100) + Files.readString(idx));
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.idx: the line at byte 0 must hold a key");
  }

  @Test
  void recordsThatTheIndexDoesNotListAreTold() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(idx));
    lines.remove(2);
    Files.write(idx, lines);
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record at byte %d is not in".formatted(records.offsets().get(2)));
  }

  @Test
  void aCutFileIsFoundByALookAtItsEnd() throws IOException {
    byte[] whole = Files.readAllBytes(rec);
    assertThat(check()).isPositive();
    for (int length = records.offsets().get(RECORDS - 1); length < whole.length; length++) {
      Files.write(rec, Arrays.copyOf(whole, length));
      assertThatThrownBy(this::check)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("train.rec is cut off");
    }
  }

  @Test
  void payloadsAreReadUpToALimit() throws IOException {
    try (RecordIoReader reader =
        new RecordIoReader(
            new RecordIo.File("train.rec", Files.newByteChannel(rec)),
            Optional.empty(),
            RecordIoReader.Range.WHOLE,
            21)) {
      assertThat(((RecordIo.Image) reader.next()).payload()).hasSize(20);
      reader.next();
      assertThat(((RecordIo.Image) reader.next()).payload()).hasSize(21);
    }
  }
}
