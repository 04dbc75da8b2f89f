package io.facet.transforms.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.transforms.row.InPlace;
import io.facet.transforms.row.RowType;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
  @TempDir Path folder;

  @SuppressWarnings("ArrayRecordComponent")
  private record Large(@InPlace String name, int number, @InPlace byte[] value) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Compressed(String name, byte[] value, int valueBytes) {}

  private record Small(String name, int valueBytes) {}

  private static final Places<Small> PLACES =
      Places.of(Small.class)
          .column("name", row -> Places.utf8(row.name()))
          .column("value", Small::valueBytes);

  private Path only(TableSummary table) {
    return Path.of(table.uris(folder.toString()).get(0));
  }

  private static byte[] read(RandomAccessFile file, long place, int bytes) throws Exception {
    byte[] read = new byte[bytes];
    file.seek(place);
    file.readFully(read);
    return read;
  }

  @Test
  void valuesLieWhereTheyAreFoundAcrossPagesAndRowGroups() throws Exception {
    Random random = new Random(8);
    List<Large> rows = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      byte[] value = new byte[i % 50 == 49 ? 0 : random.nextInt(20_000)];
      random.nextBytes(value);
      rows.add(new Large("é".repeat(i % 4) + i, i, value));
    }
    Path file = only(TableFile.write(Large.class, folder.toString(), "large", rows));
    assertThat(ParquetTable.rowGroups(file.toString())).hasSizeGreaterThan(2);

    List<Small> found = new ArrayList<>();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      PLACES.find(
          file,
          (row, places) -> {
            Large expected = rows.get(found.size());
            found.add(row);
            try {
              byte[] name = read(bytes, places[0], Places.utf8(row.name()));
              assertThat(new String(name, StandardCharsets.UTF_8)).isEqualTo(expected.name());
              assertThat(read(bytes, places[1], row.valueBytes())).isEqualTo(expected.value());
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
    assertThat(found).hasSameSizeAs(rows);
    assertThat(ParquetTable.readAll(Large.class, List.of(file.toString())))
        .zipSatisfy(rows, (read, row) -> assertThat(read.value()).isEqualTo(row.value()));
  }

  /** Parquet before 1.18 wrote each row group as the writer that was made last wants it. */
  @Test
  void filesThatAreWrittenSideBySideStayAsTheyAreWanted() throws Exception {
    byte[] repeated = new byte[8_000]; // a dictionary would suit
    String attempt = folder.toString();
    try (PartFile<Large> first =
        PartFile.create(RowType.of(Large.class), attempt, "large/first.parquet")) {
      for (int i = 0; i < 600; i++) {
        if (i % 200 == 100) {
          PartFile<Compressed> other =
              PartFile.create(RowType.of(Compressed.class), attempt, "small/" + i + ".parquet");
          other.add(new Compressed("a", repeated, 3));
          other.finish();
        }
        first.add(new Large("same", i, repeated));
      }
      first.finish();
    }
    Path file = folder.resolve("large/first.parquet");
    assertThat(ParquetTable.rowGroups(file.toString())).hasSizeGreaterThan(2);
    List<Small> found = new ArrayList<>();

    PLACES.find(file, (row, places) -> found.add(row));

    assertThat(found).hasSize(600);
  }

  @Test
  void aCompressedFileIsRefused() throws Exception {
    List<Compressed> rows = List.of(new Compressed("a", new byte[3], 3));
    Path file = only(TableFile.write(Compressed.class, folder.toString(), "small", rows));
    assertThatThrownBy(() -> PLACES.find(file, (row, places) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            file + " cannot be read in place: column name is written as ZSTD [");
  }
}
