package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.format.Impostor;
import io.facet.pipelines.report.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The first rows of Parquet files with any columns, whoever wrote them. */
final class ParquetPreview {
  /** Their libraries are not part of Facet. */
  private static final Set<CompressionCodecName> UNREADABLE =
      Set.of(CompressionCodecName.BROTLI, CompressionCodecName.LZO);

  private static final String MAGIC = "PAR1";

  private ParquetPreview() {}

  /**
   * A table of the first rows.
   *
   * @param files of the same columns
   * @param rows shown at most
   * @throws DataException if a file cannot be read; names it and says why
   */
  static TextTable of(List<Path> files, int rows) {
    TextTable table = null;
    int left = rows;
    for (Path file : files) {
      try {
        MessageType schema = schema(file);
        table = table == null ? header(schema) : table;
        if (left > 0) {
          left -= add(table, file, left);
        }
      } catch (IOException | RuntimeException | LinkageError e) {
        throw unreadable(file, e);
      }
    }
    if (table == null) {
      return new TextTable("(no rows)");
    }
    if (rows > 0 && left == rows) {
      table.note("no rows");
    }
    return table;
  }

  private static MessageType schema(Path file) throws IOException {
    requireParquet(file);
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      ParquetMetadata footer = reader.getFooter();
      for (BlockMetaData block : footer.getBlocks()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          if (UNREADABLE.contains(column.getCodec())) {
            throw new DataException(
                "%s is compressed with %s, which is not read here; write it again with zstd, snappy or gzip"
                    .formatted(file, column.getCodec()));
          }
        }
      }
      return footer.getFileMetaData().getSchema();
    }
  }

  private static void requireParquet(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(Impostor.BYTES);
    }
    Impostor.of(start)
        .filter(kind -> kind != Impostor.PARQUET)
        .ifPresent(
            kind -> {
              throw kind.refusal(file.toString());
            });
  }

  private static DataException unreadable(Path file, Throwable failure) {
    if (failure instanceof DataException known) {
      return known;
    }
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String detail = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
    return new DataException(
        detail.contains("is not a Parquet file")
            ? file
                + (starts(file) ? " is cut off: its end is missing" : " is not a Parquet file")
                + "; fetch it again"
            : "%s cannot be read: %s".formatted(file, detail),
        failure);
  }

  private static boolean starts(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), StandardCharsets.ISO_8859_1).equals(MAGIC);
    } catch (IOException e) {
      return false;
    }
  }

  private static TextTable header(MessageType schema) {
    return new TextTable(schema.getFields().stream().map(Type::getName).toArray(String[]::new));
  }

  private static int add(TextTable table, Path file, int most) throws IOException {
    int added = 0;
    try (ParquetReader<Group> reader = new Builder(file).build()) {
      for (Group row = reader.read(); row != null && added < most; row = reader.read()) {
        table.row(ParquetCells.of(row));
        added++;
      }
    }
    return added;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(Path file) {
      super(new LocalInputFile(file), new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
