package io.facet.transforms.parquet;

import io.facet.models.DataException;
import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.HadoopParquetConfiguration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/**
 * Reads tables without a pipeline: one row group in memory at a time, only the columns of the row
 * type. Every error is a {@link DataException} that names the file.
 */
public final class ParquetTable {
  private ParquetTable() {}

  /**
   * A part of a file that can be read by itself.
   *
   * @param uri of the file
   * @param start first byte of the row group
   * @param end byte after it
   * @param rows in it
   */
  public record RowGroup(String uri, long start, long end, long rows) {}

  /** The rows of some files, file after file, in the order they were written. */
  public static <T> Rows<T> read(Class<T> type, List<String> uris) {
    return new Rows<>(
        RowType.of(type),
        uris.stream().map(uri -> new RowGroup(uri, 0, Long.MAX_VALUE, -1)).toList());
  }

  /** The rows of a table of an attempt, by its summary. */
  public static <T> Rows<T> read(Class<T> type, String attemptUri, String table)
      throws IOException {
    return read(type, TableSummary.read(attemptUri, table).uris(attemptUri));
  }

  /** The rows of one row group. */
  public static <T> Rows<T> read(Class<T> type, RowGroup group) {
    return new Rows<>(RowType.of(type), List.of(group));
  }

  /** All rows of some files at once; for tables known to be small. */
  public static <T> List<T> readAll(Class<T> type, List<String> uris) {
    List<T> all = new ArrayList<>();
    try (Rows<T> rows = read(type, uris)) {
      rows.forEach(all::add);
    }
    return all;
  }

  /** The row groups of a file, in order. */
  public static List<RowGroup> rowGroups(String uri) {
    try (ParquetFileReader reader = ParquetFileReader.open(new ChannelInput(uri))) {
      List<RowGroup> groups = new ArrayList<>();
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        long start = block.getStartingPos();
        groups.add(
            new RowGroup(uri, start, start + block.getCompressedSize(), block.getRowCount()));
      }
      return groups;
    } catch (IOException | RuntimeException e) {
      throw unreadable(uri, e);
    }
  }

  /** Number of rows, from the files' footers. */
  public static long count(Collection<String> uris) {
    return uris.stream().flatMap(uri -> rowGroups(uri).stream()).mapToLong(RowGroup::rows).sum();
  }

  private static DataException unreadable(String uri, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof DataException)) {
      cause = cause.getCause();
    }
    String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new DataException(
        uri + ": cannot be read: " + detail.replaceAll("\\s+", " ").replace(uri + ": ", ""), e);
  }

  /** Rows to iterate over; iterate as often as wished, then close. */
  public static final class Rows<T> implements Iterable<T>, AutoCloseable {
    private final RowType<T> rowType;
    private final List<RowGroup> parts;
    private final Set<Cursor> open = new HashSet<>();

    private Rows(RowType<T> rowType, List<RowGroup> parts) {
      this.rowType = rowType;
      this.parts = parts;
    }

    @Override
    public Iterator<T> iterator() {
      Cursor cursor = new Cursor();
      open.add(cursor);
      return cursor;
    }

    /** Closes the files of iterators that did not reach their end. */
    @Override
    public void close() {
      List.copyOf(open).forEach(Cursor::close);
    }

    private final class Cursor implements Iterator<T> {
      private int next;
      private ParquetReader<T> reader;
      private T row;

      @Override
      public boolean hasNext() {
        while (row == null) {
          if (reader == null && next == parts.size()) {
            open.remove(this);
            return false;
          }
          String uri = parts.get(reader == null ? next : next - 1).uri();
          try {
            if (reader == null) {
              reader = new Builder<>(rowType, parts.get(next++)).build();
            }
            row = reader.read();
            if (row == null) {
              reader.close();
              reader = null;
            }
          } catch (IOException | RuntimeException e) {
            close();
            throw unreadable(uri, e);
          }
        }
        return true;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        T result = row;
        row = null;
        return result;
      }

      private void close() {
        open.remove(this);
        next = parts.size();
        row = null;
        if (reader != null) {
          ParquetReader<T> closing = reader;
          reader = null;
          try {
            closing.close();
          } catch (IOException e) {
            throw unreadable(parts.get(parts.size() - 1).uri(), e);
          }
        }
      }
    }
  }

  private static final class Builder<T> extends ParquetReader.Builder<T> {
    /** Hadoop's defaults, whose XML is parsed once for all files. */
    private static final ParquetConfiguration CONFIGURATION =
        new HadoopParquetConfiguration(new Configuration());

    private final RowType<T> rowType;

    Builder(RowType<T> rowType, RowGroup part) throws IOException {
      super(new ChannelInput(part.uri()), CONFIGURATION);
      this.rowType = rowType;
      withCodecFactory(new PageCompression());
      if (part.rows() >= 0) {
        withFileRange(part.start(), part.end());
      }
    }

    @Override
    protected ReadSupport<T> getReadSupport() {
      return new RowReadSupport<>(rowType);
    }
  }
}
