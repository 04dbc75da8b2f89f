package io.facet.transforms.parquet;

import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.RecordCoder;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Tables of rows in Parquet files.
 *
 * <p>Writing puts files below {@code TABLE/} of an attempt folder (zstd, 2 MB row groups, about 256
 * MB a file) and, after all of them, {@code TABLE/summary.json}:
 *
 * <pre>{@code
 * PCollection<TableSummary> written =
 *     faces.apply("WriteFaces", FacetParquetIO.write(FaceRow.class, "faces").to(attemptUri));
 * }</pre>
 *
 * <p>Each worker writes the rows it has: none moves. Which file a row is in says nothing; the
 * table's digest does not depend on it. An empty table is a summary alone. A bundle that is tried
 * again writes files of other names; files count only once the summary names them, and what no
 * summary names is deleted: nothing relies on an atomic rename.
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
  private static final long PART_BYTES = 256L << 20;

  private FacetParquetIO() {}

  /** Writes a table; give its attempt folder by {@link Write#to}. */
  public static <T> Write<T> write(Class<T> type, String table) {
    return new Write<>(type, table, null, PART_BYTES, false);
  }

  /**
   * Writes a table in folders: each row's key is the name of the one it goes to, see {@link
   * Partition}; give its attempt folder by {@link WritePartitioned#to}.
   */
  public static <T> WritePartitioned<T> writePartitioned(Class<T> type, String table) {
    return new WritePartitioned<>(write(type, table));
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
    private final long partBytes;
    private final boolean oneFile;

    private Write(Class<T> type, String table, String attemptUri, long partBytes, boolean oneFile) {
      this.type = type;
      this.table = table;
      this.attemptUri = attemptUri;
      this.partBytes = partBytes;
      this.oneFile = oneFile;
    }

    /** Writes below this attempt folder; required. */
    public Write<T> to(String attemptUri) {
      return new Write<>(type, table, attemptUri, partBytes, oneFile);
    }

    /** Begins a new file once one has about that many bytes; 256 MB unless given. */
    Write<T> withPartBytes(long bytes) {
      return new Write<>(type, table, attemptUri, bytes, oneFile);
    }

    /** Writes one file; for tables so small that one worker may gather them. */
    public Write<T> inOneFile() {
      return new Write<>(type, table, attemptUri, partBytes, true);
    }

    @Override
    public PCollection<TableSummary> expand(PCollection<T> rows) {
      PCollection<KV<String, T>> keyed =
          rows.apply(
                  "NoPartition", WithKeys.<String, T>of("").withKeyType(TypeDescriptors.strings()))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(type)));
      return write(oneFile ? keyed.apply("Gather", new Gathered<>()) : keyed);
    }

    private PCollection<TableSummary> write(PCollection<KV<String, T>> rows) {
      if (attemptUri == null) {
        throw new IllegalStateException("table '" + table + "' needs an attempt folder: to(URI)");
      }
      String folder = StoredFiles.folder(attemptUri).toString();
      return rows.apply("WriteParts", new WriteParts<>(type, table, folder, partBytes))
          .apply("WriteSummary", WriteSummary.of(table, folder));
    }
  }

  /** See {@link FacetParquetIO#writePartitioned}. */
  public static final class WritePartitioned<T>
      extends PTransform<PCollection<KV<String, T>>, PCollection<TableSummary>> {
    private static final long serialVersionUID = 1L;

    private final Write<T> write;

    private WritePartitioned(Write<T> write) {
      this.write = write;
    }

    /** Writes below this attempt folder; required. */
    public WritePartitioned<T> to(String attemptUri) {
      return new WritePartitioned<>(write.to(attemptUri));
    }

    @Override
    public PCollection<TableSummary> expand(PCollection<KV<String, T>> rows) {
      return write.write(rows);
    }
  }

  /** The same rows, all on one worker. */
  private static final class Gathered<T>
      extends PTransform<PCollection<KV<String, T>>, PCollection<KV<String, T>>> {
    private static final long serialVersionUID = 1L;

    @Override
    public PCollection<KV<String, T>> expand(PCollection<KV<String, T>> rows) {
      return rows.apply("Group", GroupByKey.create())
          .apply("Ungroup", ParDo.of(new UngroupFn<>()))
          .setCoder(rows.getCoder());
    }
  }

  private static final class UngroupFn<T> extends DoFn<KV<String, Iterable<T>>, KV<String, T>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void ungroup(
        @Element KV<String, Iterable<T>> group, OutputReceiver<KV<String, T>> rows) {
      group.getValue().forEach(row -> rows.output(KV.of(group.getKey(), row)));
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
      return uris.apply("RowGroups", new RowGroups())
          .apply("ReadRowGroups", ParDo.of(new ReadRowGroupFn<>(type)))
          .setCoder(RecordCoder.of(type));
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
