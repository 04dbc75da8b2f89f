package io.facet.transforms.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.AlignedImages;
import io.facet.models.train.teacher.FeatureType;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.TableDigest;
import io.facet.transforms.row.TimingRow;
import io.facet.transforms.testing.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FacetParquetIOTest {
  @TempDir private Path folder;

  record StageOnly(String stage) {}

  record NoSuchColumn(String stage, String colour) {}

  record WrongType(int stage) {}

  private static List<TimingRow> timings(int count) {
    List<TimingRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new TimingRow("align", "row-" + i, i));
    }
    return rows;
  }

  private static List<FeatureRow> features(int count) {
    Random random = new Random(5);
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[i % 3 == 0 ? 0 : 70];
      for (int j = 0; j < values.length; j++) {
        values[j] = (float) random.nextGaussian();
      }
      rows.add(
          FeatureRow.of(
              "face" + i, i % 2, "last", new int[] {7, 10, i}, values, FeatureType.FLOAT32));
    }
    return rows;
  }

  private static <T> List<String> bytes(Class<T> type, Iterable<T> rows) {
    List<String> all = new ArrayList<>();
    rows.forEach(
        row -> all.add(HexFormat.of().formatHex(RecordCoder.of(type).canonicalBytes(row))));
    return all;
  }

  private <T> TableSummary write(Class<T> type, String table, List<T> rows) throws IOException {
    Pipelines.run(
        pipeline ->
            pipeline
                .apply(Create.of(rows).withCoder(RecordCoder.of(type)))
                .apply(FacetParquetIO.write(type, table).to(folder.toString())));
    return TableSummary.read(folder.toString(), table);
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    List<FeatureRow> rows = features(50);
    TableSummary summary = write(FeatureRow.class, "teacher_features", rows);
    assertThat(summary.rows()).isEqualTo(50);
    assertThat(summary.digest()).isEqualTo(TableDigest.of(FeatureRow.class, rows).digest());
    assertThat(summary.parts()).isNotEmpty().allSatisfy(this::isAsDescribed);

    List<String> uris = summary.uris(folder.toString());
    try (ParquetTable.Rows<FeatureRow> plain = ParquetTable.read(FeatureRow.class, uris)) {
      assertThat(bytes(FeatureRow.class, plain))
          .containsExactlyInAnyOrderElementsOf(bytes(FeatureRow.class, rows));
    }
    Pipelines.run(
        pipeline ->
            PAssert.that(pipeline.apply(FacetParquetIO.read(FeatureRow.class).from(uris)))
                .satisfies(
                    read -> {
                      assertThat(bytes(FeatureRow.class, read))
                          .containsExactlyInAnyOrderElementsOf(
                              bytes(FeatureRow.class, features(50)));
                      return null;
                    }));
  }

  private void isAsDescribed(TablePart part) throws IOException {
    Path file = folder.resolve(part.file());
    assertThat(part.bytes()).isEqualTo(Files.size(file));
    assertThat(part.sha256()).isEqualTo(Sha256.hex(Files.readAllBytes(file)));
    assertThat(part.rows()).isEqualTo(ParquetTable.count(List.of(file.toString())));
  }

  @Test
  void theDigestDoesNotDependOnOrderAndDivision() throws Exception {
    List<TimingRow> rows = timings(200);
    TableSummary first = write(TimingRow.class, "a", rows);
    Collections.shuffle(rows, new Random(1));
    TableSummary second = TableFile.write(TimingRow.class, folder.toString(), "b", rows);
    assertThat(second.parts()).hasSize(1);
    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(second.rows()).isEqualTo(first.rows());
  }

  @Test
  void smallTablesCanBeOneFile() throws Exception {
    Pipelines.run(
        pipeline ->
            pipeline
                .apply(Create.of(timings(500)))
                .apply(
                    FacetParquetIO.write(TimingRow.class, "t").inOneFile().to(folder.toString())));
    assertThat(TableSummary.read(folder.toString(), "t").parts()).hasSize(1);
  }

  @Test
  void aLongPartIsFollowedByAnother() throws Exception {
    Random random = new Random(4);
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      float[] values = new float[1 << 14];
      for (int j = 0; j < values.length; j++) {
        values[j] = random.nextFloat();
      }
      rows.add(
          FeatureRow.of(
              "face" + i, 0, "last", new int[] {values.length}, values, FeatureType.FLOAT32));
    }
    Pipelines.run(
        pipeline ->
            pipeline
                .apply(Create.of(rows).withCoder(RecordCoder.of(FeatureRow.class)))
                .apply(
                    FacetParquetIO.write(FeatureRow.class, "t")
                        .inOneFile()
                        .withPartBytes(1 << 20)
                        .to(folder.toString())));
    TableSummary summary = TableSummary.read(folder.toString(), "t");
    assertThat(summary.parts())
        .hasSizeGreaterThan(2)
        .allSatisfy(this::isAsDescribed)
        .allSatisfy(part -> assertThat(part.bytes()).isLessThan(2 << 20));
    assertThat(summary.digest()).isEqualTo(TableDigest.of(FeatureRow.class, rows).digest());
  }

  @Test
  void partitionsAreFolders() throws Exception {
    List<KV<String, TimingRow>> rows = new ArrayList<>();
    List<String> partitions = new ArrayList<>();
    for (int i = 0; i < 20; i++) { // more than are open at once
      partitions.add(Partition.of(List.of("set" + i)));
    }
    for (int i = 0; i < 100; i++) {
      rows.add(KV.of(partitions.get(i % 20), timings(100).get(i)));
    }
    Pipelines.run(
        pipeline ->
            pipeline
                .apply(
                    Create.of(rows)
                        .withCoder(
                            KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(TimingRow.class))))
                .apply(
                    FacetParquetIO.writePartitioned(TimingRow.class, "t").to(folder.toString())));
    TableSummary summary = TableSummary.read(folder.toString(), "t");
    assertThat(summary.digest()).isEqualTo(TableDigest.of(TimingRow.class, timings(100)).digest());
    List<String> ofSet3 =
        summary.uris(folder.toString()).stream()
            .filter(uri -> Partition.mayHold(uri, Set.of("set3", "other")))
            .toList();
    assertThat(ParquetTable.readAll(TimingRow.class, ofSet3))
        .extracting(TimingRow::name)
        .containsExactlyInAnyOrder("row-3", "row-23", "row-43", "row-63", "row-83");
  }

  @Test
  void anEmptyTableIsASummaryAlone() throws Exception {
    TableSummary summary = write(TimingRow.class, "timings", List.of());
    assertThat(summary).isEqualTo(new TableSummary("timings", 0, "0".repeat(64), List.of()));
    assertThat(ParquetTable.read(TimingRow.class, folder.toString(), "timings")).isEmpty();
    Pipelines.run(
        pipeline ->
            PAssert.that(pipeline.apply(FacetParquetIO.read(TimingRow.class).from(List.of())))
                .empty());
    assertThat(dataFiles()).isEmpty();
  }

  @Test
  void writingAgainReplacesTheTable() throws Exception {
    write(TimingRow.class, "timings", timings(300));
    TableSummary summary = write(TimingRow.class, "timings", timings(2));
    assertThat(ParquetTable.readAll(TimingRow.class, summary.uris(folder.toString())))
        .containsExactlyInAnyOrderElementsOf(timings(2));
    assertThat(dataFiles()).hasSameSizeAs(summary.parts());
  }

  @Test
  void filesAreCompressedWithZstd() throws Exception {
    TableSummary summary = write(TimingRow.class, "timings", timings(10));
    try (ParquetFileReader reader =
        ParquetFileReader.open(new ChannelInput(summary.uris(folder.toString()).get(0)))) {
      assertThat(reader.getFooter().getBlocks().get(0).getColumns())
          .allSatisfy(column -> assertThat(column.getCodec()).isEqualTo(CompressionCodecName.ZSTD));
    }
  }

  @Test
  void largeTablesAreReadRowGroupByRowGroup() throws Exception {
    Random random = new Random(3);
    List<ImageRow> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] bytes = new byte[1 << 20];
      random.nextBytes(bytes);
      rows.add(
          new ImageRow(
              "%064d".formatted(i), bytes, "jpeg", 1, 1, new float[0], AlignedImages.AUTO));
    }
    TableSummary summary = TableFile.write(ImageRow.class, folder.toString(), "images", rows);
    String uri = summary.uris(folder.toString()).get(0);
    List<ParquetTable.RowGroup> groups = ParquetTable.rowGroups(uri);
    assertThat(groups).hasSizeBetween(12, 25);
    assertThat(ParquetTable.count(List.of(uri))).isEqualTo(40);
    record ImageName(String imageId) {}
    List<String> names = new ArrayList<>();
    for (ParquetTable.RowGroup group : groups) {
      try (ParquetTable.Rows<ImageName> part = ParquetTable.read(ImageName.class, group)) {
        part.forEach(name -> names.add(name.imageId()));
      }
    }
    assertThat(names).containsExactlyElementsOf(rows.stream().map(ImageRow::imageId).toList());
  }

  @Test
  void aSmallerRecordIsAProjection() throws Exception {
    TableSummary summary = TableFile.write(TimingRow.class, folder.toString(), "t", timings(3));
    assertThat(ParquetTable.readAll(StageOnly.class, summary.uris(folder.toString())))
        .containsExactly(new StageOnly("align"), new StageOnly("align"), new StageOnly("align"));
  }

  @Test
  void errorsNameTheFileAndTheColumn() throws Exception {
    TableSummary summary = TableFile.write(TimingRow.class, folder.toString(), "t", timings(3));
    List<String> uris = summary.uris(folder.toString());
    assertThatThrownBy(() -> ParquetTable.readAll(NoSuchColumn.class, uris))
        .isInstanceOf(DataException.class)
        .hasMessage(
            uris.get(0)
                + ": cannot be read: it has no column 'colour' (its columns: stage, name, value)");
    assertThatThrownBy(() -> ParquetTable.readAll(WrongType.class, uris))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(uris.get(0))
        .hasMessageContaining("column 'stage'")
        .hasMessageContaining("not INT");
    Path file = Path.of(uris.get(0));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> ParquetTable.readAll(TimingRow.class, uris))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": cannot be read: ");
    Files.delete(file);
    assertThatThrownBy(() -> ParquetTable.readAll(TimingRow.class, uris))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": cannot be read: ");
  }

  @Test
  void aTableWithoutSummaryIsNoTable() throws Exception {
    try (TableFile<TimingRow> file = TableFile.create(TimingRow.class, folder.toString(), "t")) {
      file.add(new TimingRow("a", "b", 1));
    }
    assertThatThrownBy(() -> ParquetTable.read(TimingRow.class, folder.toString(), "t"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t/summary.json: not found");
  }

  @Test
  void aFullDiskFailsThePipelineAndLeavesNoTable() {
    String full = "faulty://full-after-300-parquet" + folder;
    assertThatThrownBy(
            () ->
                Pipelines.run(
                    pipeline ->
                        pipeline
                            .apply(Create.of(timings(500)))
                            .apply(FacetParquetIO.write(TimingRow.class, "t").to(full))))
        .hasStackTraceContaining("No space left on device");
    assertThat(folder.resolve("t/summary.json")).doesNotExist();
  }

  private List<Path> dataFiles() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }
}
