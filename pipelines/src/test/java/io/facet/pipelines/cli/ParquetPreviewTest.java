package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.pipelines.plan.ExitCodes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that other programs wrote. */
class ParquetPreviewTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message foreign {
            required int64 a.b (INTEGER(64, false));
            optional int32 small (INTEGER(8, false));
            required int96 taken;
            optional binary name (STRING);
            repeated int32 many;
            required double score;
          }
          """);

  @TempDir Path folder;
  private Path table;

  @BeforeEach
  void write() throws IOException {
    table = folder.resolve("foreign.parquet");
    Group row = new SimpleGroup(SCHEMA);
    row.append("a.b", -1L).append("small", 255).append("taken", new NanoTime(2_440_589, 1_000));
    row.append("many", 7).append("many", 8).append("score", 0.25);
    write(table, row);
  }

  private static void write(Path file, Group... rows) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(SCHEMA)
            .withConf(new PlainParquetConfiguration())
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
  }

  private static void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> ParquetPreview.of(List.of(file), 5))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("LocalInputFile");
  }

  @Test
  void oddNamesUnsignedNumbersOldTimesAndAbsentValuesAreShown() {
    assertThat(ParquetPreview.of(List.of(table), 5).toText())
        .contains("a.b", "18446744073709551615", "255", "1970-01-02T00:00:00.000001Z")
        .contains("null", "[7, ... 2]", "0.25");
  }

  @Test
  void aTableWithoutRowsShowsItsColumns() throws IOException {
    Path empty = folder.resolve("empty.parquet");
    write(empty);
    assertThat(ParquetPreview.of(List.of(empty), 5).toText()).contains("a.b", "taken", "no rows");
  }

  @Test
  void aCutFileIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(table);
    Files.write(table, Arrays.copyOf(whole, whole.length - 9));
    assertRefused(table, "is cut off", "fetch it again");
    CommandRun run = CommandRun.of("inspect", table);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err()).contains(table.toString()).doesNotContain("bug");
  }

  @Test
  void whatIsNoTableIsNamed() throws IOException {
    Files.writeString(table, "<html><body>sign in</body></html>");
    assertRefused(table, "web page");
    Files.writeString(table, "a,b\n1,2\n1,2\n1,2\n");
    assertRefused(table, "is not a Parquet file");
    Files.write(table, new byte[0]);
    assertRefused(table, "is empty");
  }

  @Test
  void aCompressionThatIsNotReadIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(table);
    int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8);
    int footer = whole.length - 8 - length;
    FileMetaData data = Util.readFileMetaData(new ByteArrayInputStream(whole, footer, length));
    data.getRow_groups()
        .forEach(
            group ->
                group
                    .getColumns()
                    .forEach(column -> column.getMeta_data().setCodec(CompressionCodec.BROTLI)));
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(whole, 0, footer);
    Util.writeFileMetaData(data, changed);
    int size = changed.size() - footer;
    changed.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(size).array());
    changed.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    Files.write(table, changed.toByteArray());
    assertRefused(table, "BROTLI", "write it again with zstd");
  }
}
