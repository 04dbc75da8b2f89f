package io.facet.transforms.parquet;

import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.RowSchema;
import io.facet.transforms.row.RowType;
import io.facet.transforms.row.TableDigest;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.parquet.ParquetIO;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Contextful;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Tables of rows in Parquet files.
 *
 * <p>Writing puts {@code TABLE/part-00000-of-00004.parquet} ... below an attempt folder (zstd, 16
 * MB row groups) and, after all of them, {@code TABLE/summary.json}:
 *
 * <pre>{@code
 * PCollection<TableSummary> written =
 *     faces.apply("WriteFaces", FacetParquetIO.write(FaceRow.class, "faces").to(attemptUri));
 * }</pre>
 *
 * <p>A row's part is chosen by its content, so equal tables have equal parts up to the order of
 * rows. Parts without a row are not written; an empty table is a summary alone. A retried bundle
 * overwrites its own files, and files count only once the summary names them: nothing relies on an
 * atomic rename.
 *
 * <p>Reading takes the URIs of data files, row group by row group in parallel, and only the columns
 * of the row class: a smaller record is a projection.
 *
 * <pre>{@code
 * PCollection<FaceRow> faces =
 *     pipeline.apply("ReadFaces", FacetParquetIO.read(FaceRow.class).from(uris));
 * }</pre>
 */
public final class FacetParquetIO {
  private static final int DEFAULT_PARTS = 4;

  private FacetParquetIO() {}

  /** Writes a table; give its attempt folder by {@link Write#to}. */
  public static <T> Write<T> write(Class<T> type, String table) {
    return new Write<>(type, table, null, DEFAULT_PARTS);
  }

  /** Reads files of a table; give them by {@link Read#from}. */
  public static <T> Read<T> read(Class<T> type) {
    return new Read<>(type, List.of());
  }

  /** Reads the files whose URIs are in a collection. */
  public static <T> ReadFiles<T> readFiles(Class<T> type) {
    return new ReadFiles<>(type);
  }

  /** See {@link FacetParquetIO#write}. */
  public static final class Write<T> extends PTransform<PCollection<T>, PCollection<TableSummary>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final String table;
    private final String attemptUri;
    private final int parts;

    private Write(Class<T> type, String table, String attemptUri, int parts) {
      this.type = type;
      this.table = table;
      this.attemptUri = attemptUri;
      this.parts = parts;
    }

    /** Writes below this attempt folder; required. */
    public Write<T> to(String attemptUri) {
      return new Write<>(type, table, attemptUri, parts);
    }

    /** Number of data files at most, at least 1; 4 unless given. */
    public Write<T> withParts(int parts) {
      if (parts < 1) {
        throw new IllegalArgumentException("parts is " + parts + "; at least 1 is needed");
      }
      return new Write<>(type, table, attemptUri, parts);
    }

    @Override
    public PCollection<TableSummary> expand(PCollection<T> rows) {
      if (attemptUri == null) {
        throw new IllegalStateException("table '" + table + "' needs an attempt folder: to(URI)");
      }
      String folder = StoredFiles.folder(attemptUri).toString();
      int parts = this.parts;
      RecordCoder<T> coder = RecordCoder.of(type);
      PCollectionView<List<String>> files =
          rows.apply(
                  "WriteParts",
                  FileIO.<Integer, T>writeDynamic()
                      .by(row -> part(coder, row, parts))
                      .withDestinationCoder(VarIntCoder.of())
                      .via(Contextful.fn(new ToAvro<>(type)), new TableFormat(type))
                      .to(StoredFiles.below(folder, table))
                      .withTempDirectory(StoredFiles.below(folder, ".temp"))
                      .withNumShards(1)
                      .withNaming(
                          part ->
                              (window, pane, shards, shard, compression) ->
                                  TableFile.partName(part, parts)))
              .getPerDestinationOutputFilenames()
              .apply("FileNames", Values.create())
              .apply("AllFiles", View.asList());
      return rows.apply("Digest", Combine.globally(TableDigest.combine(type)))
          .apply(
              "WriteSummary",
              ParDo.of(new WriteSummaryFn(table, folder, files)).withSideInputs(files));
    }

    private static <T> int part(RecordCoder<T> coder, T row, int parts) {
      CRC32C hash = new CRC32C();
      hash.update(coder.canonicalBytes(row));
      return (int) (hash.getValue() % parts);
    }
  }

  /**
   * Beam's Parquet sink with our settings, made on the worker: sent along, its Hadoop configuration
   * would be parsed anew for every bundle.
   */
  private static final class TableFormat implements FileIO.Sink<GenericRecord> {
    private static final long serialVersionUID = 1L;

    private final Class<?> type;
    private transient ParquetIO.Sink parquet;

    TableFormat(Class<?> type) {
      this.type = type;
    }

    @Override
    public void open(WritableByteChannel channel) throws IOException {
      parquet =
          ParquetIO.sink(RowSchema.of(RowType.of(type)))
              .withCompressionCodec(TableFile.CODEC)
              .withRowGroupSize(TableFile.ROW_GROUP_BYTES)
              .withConfiguration(TableFile.CONFIGURATION);
      parquet.open(channel);
    }

    @Override
    public void write(GenericRecord row) throws IOException {
      parquet.write(row);
    }

    @Override
    public void flush() throws IOException {
      parquet.flush();
    }
  }

  /** Rows as Avro records; the reflective parts are made again on each worker. */
  private static final class ToAvro<T> implements SerializableFunction<T, GenericRecord> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private transient volatile RowType<T> rowType;
    private transient volatile Schema schema;

    ToAvro(Class<T> type) {
      this.type = type;
    }

    @Override
    public GenericRecord apply(T row) {
      if (schema == null) {
        rowType = RowType.of(type);
        schema = RowSchema.of(rowType);
      }
      return RowSchema.toAvro(rowType, schema, row);
    }
  }

  /** Writes the summary once the names of all data files are known, hence after all of them. */
  private static final class WriteSummaryFn extends DoFn<TableDigest, TableSummary> {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final String folder;
    private final PCollectionView<List<String>> files;

    WriteSummaryFn(String table, String folder, PCollectionView<List<String>> files) {
      this.table = table;
      this.folder = folder;
      this.files = files;
    }

    @ProcessElement
    public void write(ProcessContext context) throws IOException {
      List<String> names =
          context.sideInput(files).stream()
              .map(uri -> table + "/" + StoredFiles.resource(uri).getFilename())
              .sorted()
              .toList();
      TableDigest digest = context.element();
      TableSummary summary = new TableSummary(table, digest.rows(), digest.digest(), names);
      summary.write(folder);
      context.output(summary);
    }
  }

  /** See {@link FacetParquetIO#read}. */
  public static final class Read<T> extends PTransform<PBegin, PCollection<T>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final List<String> uris;

    private Read(Class<T> type, List<String> uris) {
      this.type = type;
      this.uris = List.copyOf(uris);
    }

    /** The files to read; none gives an empty collection. */
    public Read<T> from(List<String> uris) {
      return new Read<>(type, uris);
    }

    @Override
    public PCollection<T> expand(PBegin begin) {
      return begin
          .apply("Files", Create.of(uris).withType(TypeDescriptors.strings()))
          .apply("ReadFiles", readFiles(type));
    }
  }

  /** See {@link FacetParquetIO#readFiles}. */
  public static final class ReadFiles<T> extends PTransform<PCollection<String>, PCollection<T>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    private ReadFiles(Class<T> type) {
      this.type = type;
    }

    @Override
    public PCollection<T> expand(PCollection<String> uris) {
      return uris.apply("SplitFiles", ParDo.of(new SplitFilesFn()))
          .apply("SpreadRowGroups", Reshuffle.viaRandomKey())
          .apply("ReadRowGroups", ParDo.of(new ReadRowGroupFn<>(type)))
          .setCoder(RecordCoder.of(type));
    }
  }

  private static final class SplitFilesFn extends DoFn<String, ParquetTable.RowGroup> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void split(@Element String uri, OutputReceiver<ParquetTable.RowGroup> groups) {
      ParquetTable.rowGroups(uri).forEach(groups::output);
    }
  }

  private static final class ReadRowGroupFn<T> extends DoFn<ParquetTable.RowGroup, T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    ReadRowGroupFn(Class<T> type) {
      this.type = type;
    }

    @ProcessElement
    public void read(@Element ParquetTable.RowGroup group, OutputReceiver<T> output) {
      try (ParquetTable.Rows<T> rows = ParquetTable.read(type, group)) {
        rows.forEach(output::output);
      }
    }
  }
}
