package io.facet.transforms.pack;

import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.RowSchema;
import io.facet.transforms.row.RowType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Writes one shard of a pack: Parquet in which names and crops lie as they are, neither compressed
 * nor in a dictionary, so that {@link PackPlaces} finds them without reading them.
 */
final class PackFile implements AutoCloseable {
  private static final int ROW_GROUP_BYTES = 16 << 20;

  /** Rows after which sizes are looked at first: a hundred is much for large crops. */
  private static final int FIRST_SIZE_CHECK = 8;

  private static final RowType<PackRow> TYPE = RowType.of(PackRow.class);
  private static final Schema SCHEMA = RowSchema.of(TYPE);

  private final OutputStream out;
  private final ParquetWriter<GenericRecord> writer;

  private PackFile(OutputStream out) throws IOException {
    this.out = out;
    writer =
        AvroParquetWriter.<GenericRecord>builder(new Stream(out))
            .withSchema(SCHEMA)
            .withDataModel(GenericData.get())
            .withConf(new Configuration(false))
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withDictionaryEncoding("face_id", false)
            .withDictionaryEncoding("crop", false)
            .withStatisticsEnabled("crop", false)
            .withRowGroupSize((long) ROW_GROUP_BYTES)
            .withMinRowCountForPageSizeCheck(FIRST_SIZE_CHECK)
            .build();
  }

  /** Begins a shard, which takes the place of a file of that name. */
  static PackFile create(String uri) throws IOException {
    return new PackFile(
        new BufferedOutputStream(
            Channels.newOutputStream(
                FileSystems.create(StoredFiles.resource(uri), MimeTypes.BINARY)),
            1 << 16));
  }

  /** Appends a row, which follows the one before it. */
  void add(PackRow row) throws IOException {
    writer.write(RowSchema.toAvro(TYPE, SCHEMA, row));
  }

  @Override
  public void close() throws IOException {
    try (out) {
      writer.close();
    }
  }

  /** A stream as Parquet writes to it. */
  private record Stream(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return createOrOverwrite(blockSizeHint);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return new Counted(out);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class Counted extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
