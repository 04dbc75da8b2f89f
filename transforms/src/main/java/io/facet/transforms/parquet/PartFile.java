package io.facet.transforms.parquet;

import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.InPlace;
import io.facet.transforms.row.RowSchema;
import io.facet.transforms.row.RowType;
import io.facet.transforms.row.TableDigest;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes one data file of a table; the digests of its bytes and rows are computed meanwhile. It is
 * compressed unless values of its columns are read {@link InPlace}.
 */
public final class PartFile<T> implements AutoCloseable {
  private static final CompressionCodecName CODEC = CompressionCodecName.ZSTD;

  /** Bytes of a row group: so small that a few thousand faces keep many readers busy. */
  private static final long ROW_GROUP_BYTES = 2 << 20;

  /**
   * Rows after which sizes are looked at first: a hundred, Parquet's default, is much for photos.
   */
  private static final int FIRST_SIZE_CHECK = 2;

  private final RowType<T> rowType;
  private final Schema schema;
  private final String file;
  private final ChannelOutput output;
  private final ParquetWriter<GenericRecord> writer;
  private final TableDigest.Builder<T> digest;
  private boolean open = true;

  private PartFile(RowType<T> rowType, String attemptUri, String file) throws IOException {
    this.rowType = rowType;
    this.file = file;
    schema = RowSchema.of(rowType);
    digest = TableDigest.builder(rowType.type());
    output = new ChannelOutput(StoredFiles.below(attemptUri, file));
    List<String> inPlace =
        rowType.columns().stream()
            .filter(RowType.Column::inPlace)
            .map(RowType.Column::name)
            .toList();
    Configuration configuration = new Configuration(false);
    configuration.set(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, "false"); // lists for all readers
    ParquetWriter.Builder<GenericRecord, ?> builder =
        AvroParquetWriter.<GenericRecord>builder(output)
            .withSchema(schema)
            .withDataModel(GenericData.get())
            .withConf(configuration)
            .withCodecFactory(new PageCompression())
            .withCompressionCodec(inPlace.isEmpty() ? CODEC : CompressionCodecName.UNCOMPRESSED)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withMinRowCountForPageSizeCheck(FIRST_SIZE_CHECK);
    for (String column : inPlace) {
      builder = builder.withDictionaryEncoding(column, false).withStatisticsEnabled(column, false);
    }
    writer = builder.build();
  }

  /**
   * Begins a file.
   *
   * @param file relative to the attempt folder
   */
  public static <T> PartFile<T> create(RowType<T> rowType, String attemptUri, String file)
      throws IOException {
    return new PartFile<>(rowType, attemptUri, file);
  }

  /** Appends one row. */
  public void add(T row) throws IOException {
    writer.write(RowSchema.toAvro(rowType, schema, row));
    digest.add(row);
  }

  /** About how large the file would be if it ended here. */
  long bytes() {
    return writer.getDataSize();
  }

  /** Ends the file. */
  public TablePart finish() throws IOException {
    close();
    TableDigest rows = digest.digest();
    return new TablePart(file, rows.rows(), output.bytes(), output.sha256(), rows.digest());
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      writer.close();
    }
  }
}
