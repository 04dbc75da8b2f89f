package io.facet.transforms.parquet;

import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.RowSchema;
import io.facet.transforms.row.RowType;
import io.facet.transforms.row.TableDigest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes a table of one file without a pipeline, row by row: for units and the driver. Its summary
 * is written by {@link #finish}; a table without rows has a summary and no file.
 */
public final class TableFile<T> implements AutoCloseable {
  /** Compression of every data file. */
  static final CompressionCodecName CODEC = CompressionCodecName.ZSTD;

  /** Bytes of a row group: small enough that filters and parallel readers gain by skipping. */
  static final int ROW_GROUP_BYTES = 16 << 20;

  /**
   * Rows after which sizes are looked at first: a hundred, Parquet's default, is much for photos.
   */
  private static final int FIRST_SIZE_CHECK = 8;

  /** Lists in the form every other Parquet reader expects. */
  static final Map<String, String> CONFIGURATION =
      Map.of(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, "false");

  private final String attemptUri;
  private final String table;
  private final RowType<T> rowType;
  private final Schema schema;
  private final TableDigest.Builder<T> sum;
  private ParquetWriter<GenericRecord> writer;

  private TableFile(String attemptUri, String table, RowType<T> rowType) {
    this.attemptUri = attemptUri;
    this.table = table;
    this.rowType = rowType;
    this.sum = TableDigest.builder(rowType.type());
    this.schema = RowSchema.of(rowType);
  }

  /** Begins a table below an attempt folder. */
  public static <T> TableFile<T> create(Class<T> type, String attemptUri, String table) {
    return new TableFile<>(attemptUri, table, RowType.of(type));
  }

  /** Writes a whole table. */
  public static <T> TableSummary write(
      Class<T> type, String attemptUri, String table, Iterable<T> rows) throws IOException {
    try (TableFile<T> file = create(type, attemptUri, table)) {
      for (T row : rows) {
        file.add(row);
      }
      return file.finish();
    }
  }

  /** Appends one row. */
  public void add(T row) throws IOException {
    if (writer == null) {
      Configuration configuration = new Configuration(false);
      CONFIGURATION.forEach(configuration::set);
      writer =
          AvroParquetWriter.<GenericRecord>builder(
                  new ChannelOutput(StoredFiles.below(attemptUri, fileName())))
              .withSchema(schema)
              .withDataModel(GenericData.get())
              .withConf(configuration)
              .withCompressionCodec(CODEC)
              .withRowGroupSize((long) ROW_GROUP_BYTES)
              .withMinRowCountForPageSizeCheck(FIRST_SIZE_CHECK)
              .build();
    }
    writer.write(RowSchema.toAvro(rowType, schema, row));
    sum.add(row);
  }

  /** Ends the table and writes its summary: from here on it exists. */
  public TableSummary finish() throws IOException {
    close();
    TableDigest digest = sum.digest();
    TableSummary summary =
        new TableSummary(
            table,
            digest.rows(),
            digest.digest(),
            digest.rows() == 0 ? List.of() : List.of(fileName()));
    summary.write(attemptUri);
    return summary;
  }

  private String fileName() {
    return table + "/" + partName(0, 1);
  }

  /** Name of one data file inside its table's folder. */
  static String partName(int part, int parts) {
    return "part-%05d-of-%05d.parquet".formatted(part, parts);
  }

  /** Closes the data file. Without {@link #finish} there is no summary, hence no table. */
  @Override
  public void close() throws IOException {
    if (writer != null) {
      ParquetWriter<GenericRecord> closing = writer;
      writer = null;
      closing.close();
    }
  }
}
