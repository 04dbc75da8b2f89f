package io.facet.transforms.parquet;

import io.facet.models.DataException;
import io.facet.transforms.row.InPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;

/**
 * Finds where the values of {@link InPlace} columns lie in a file of this machine, from the sizes
 * of its pages and of the values: none of them is read. A page that is not compressed ends with its
 * values, each as its length in four bytes, lowest first, and itself.
 *
 * <pre>{@code
 * Places.of(Small.class)
 *     .column("crop", Small::cropBytes)
 *     .find(file, (row, places) -> remember(row.faceId(), places[0]));
 * }</pre>
 */
public final class Places<T> {
  /** Parquet names the encodings of the levels too, which take no bytes here. */
  private static final Set<Encoding> AS_THEY_ARE =
      Set.of(Encoding.PLAIN, Encoding.RLE, Encoding.BIT_PACKED);

  private final Class<T> type;
  private final List<Column<T>> columns = new ArrayList<>();

  private Places(Class<T> type) {
    this.type = type;
  }

  private record Column<T>(String name, ToIntFunction<T> bytes) {}

  /** Takes the rows of a file, one after the other. */
  public interface Found<T> {
    /**
     * A row.
     *
     * @param row its small columns
     * @param places of its values behind their lengths, in the order of the columns
     */
    void row(T row, long[] places);
  }

  /** Size of a text in bytes. */
  public static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Places in the rows of a table, of which only the columns of a smaller record are read. */
  public static <T> Places<T> of(Class<T> type) {
    return new Places<>(type);
  }

  /**
   * A column to look for.
   *
   * @param bytes size of a row's value
   */
  public Places<T> column(String name, ToIntFunction<T> bytes) {
    columns.add(new Column<>(name, bytes));
    return this;
  }

  /**
   * Goes through a file.
   *
   * @throws DataException if values of these columns cannot be read in place in it
   */
  public void find(Path file, Found<T> found) {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file));
        ParquetTable.Rows<T> table = ParquetTable.read(type, List.of(file.toString()))) {
      Iterator<T> rows = table.iterator();
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        group(reader, block, rows, found);
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    } catch (NotInPlace e) {
      throw new DataException(file + " cannot be read in place: " + e.getMessage(), e);
    }
  }

  private void group(
      ParquetFileReader reader, BlockMetaData block, Iterator<T> rows, Found<T> found)
      throws IOException {
    List<T> group = new ArrayList<>(Math.toIntExact(block.getRowCount()));
    for (long i = 0; i < block.getRowCount(); i++) {
      group.add(rows.next());
    }
    long[][] columnwise = new long[columns.size()][];
    for (int c = 0; c < columnwise.length; c++) {
      Column<T> column = columns.get(c);
      int[] lengths = group.stream().mapToInt(column.bytes()).toArray();
      columnwise[c] = places(reader, block, column.name(), lengths);
    }
    long[] places = new long[columnwise.length];
    for (int i = 0; i < group.size(); i++) {
      for (int c = 0; c < places.length; c++) {
        places[c] = columnwise[c][i];
      }
      found.row(group.get(i), places);
    }
  }

  private static long[] places(
      ParquetFileReader reader, BlockMetaData block, String column, int[] lengths)
      throws IOException {
    ColumnChunkMetaData chunk =
        block.getColumns().stream()
            .filter(c -> c.getPath().toDotString().equals(column))
            .findFirst()
            .orElseThrow();
    if (chunk.getCodec() != CompressionCodecName.UNCOMPRESSED
        || !AS_THEY_ARE.containsAll(chunk.getEncodings())) {
      throw new NotInPlace(
          "column %s is written as %s %s"
              .formatted(column, chunk.getCodec(), new TreeSet<>(chunk.getEncodings())));
    }
    OffsetIndex pages = reader.readOffsetIndex(chunk);
    if (pages == null) {
      throw new NotInPlace("the pages of column %s are not listed".formatted(column));
    }
    long[] places = new long[lengths.length];
    int row = 0;
    for (int page = 0; page < pages.getPageCount(); page++) {
      int end = Math.toIntExact(pages.getLastRowIndex(page, lengths.length)) + 1;
      long values = 0;
      for (int i = row; i < end; i++) {
        values += Integer.BYTES + lengths[i];
      }
      long at = pages.getOffset(page) + pages.getCompressedPageSize(page) - values;
      if (at <= pages.getOffset(page)) {
        throw new NotInPlace("column %s has fewer bytes than its values".formatted(column));
      }
      for (; row < end; row++) {
        places[row] = at + Integer.BYTES;
        at += Integer.BYTES + lengths[row];
      }
    }
    return places;
  }

  private static final class NotInPlace extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotInPlace(String message) {
      super(message);
    }
  }
}
