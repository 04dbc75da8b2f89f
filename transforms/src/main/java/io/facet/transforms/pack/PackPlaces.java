package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.transforms.parquet.ParquetTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;

/**
 * Finds names and crops in a shard that {@link WriteShards} wrote, from the sizes of its pages and
 * of the crops: no crop is read. A page that is not compressed ends with its values, each as its
 * length in four bytes and itself.
 */
final class PackPlaces {
  /** Parquet names the encodings of the levels too, which take no bytes here. */
  private static final Set<Encoding> AS_THEY_ARE =
      Set.of(Encoding.PLAIN, Encoding.RLE, Encoding.BIT_PACKED);

  private PackPlaces() {}

  /** A row without its crop. */
  record Small(String faceId, String split, long identity, int cropBytes) {}

  /** Takes the rows of a shard, one after the other. */
  interface Found {
    /**
     * A row.
     *
     * @param name where the length of the face's id stands, before the id
     * @param crop where the crop begins
     */
    void row(Small row, long name, long crop);
  }

  /**
   * Goes through a shard.
   *
   * @throws DataException if it is none
   */
  static void find(Path shard, Found found) {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(shard));
        ParquetTable.Rows<Small> table =
            ParquetTable.read(Small.class, List.of(shard.toString()))) {
      Iterator<Small> rows = table.iterator();
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        group(reader, block, rows, found);
      }
    } catch (IOException e) {
      throw new DataException(shard + ": cannot be read: " + e.getMessage(), e);
    } catch (NotPacked e) {
      throw new DataException(shard + " is no shard of a pack: " + e.getMessage(), e);
    }
  }

  private static void group(
      ParquetFileReader reader, BlockMetaData block, Iterator<Small> rows, Found found)
      throws IOException {
    Small[] group = new Small[Math.toIntExact(block.getRowCount())];
    int[] names = new int[group.length];
    int[] crops = new int[group.length];
    for (int i = 0; i < group.length; i++) {
      group[i] = rows.next();
      names[i] = group[i].faceId().getBytes(StandardCharsets.UTF_8).length;
      crops[i] = group[i].cropBytes();
    }
    long[] nameAt = places(reader, block, "face_id", names);
    long[] cropAt = places(reader, block, "crop", crops);
    for (int i = 0; i < group.length; i++) {
      found.row(group[i], nameAt[i], cropAt[i] + Integer.BYTES);
    }
  }

  /** Where the values of a column begin, their lengths first. */
  private static long[] places(
      ParquetFileReader reader, BlockMetaData block, String column, int[] lengths)
      throws IOException {
    ColumnChunkMetaData chunk =
        block.getColumns().stream()
            .filter(c -> c.getPath().toDotString().equals(column))
            .findFirst()
            .orElseThrow();
    OffsetIndex pages = reader.readOffsetIndex(chunk);
    if (chunk.getCodec() != CompressionCodecName.UNCOMPRESSED
        || !AS_THEY_ARE.containsAll(chunk.getEncodings())
        || pages == null) {
      throw new NotPacked("column %s is compressed, or its pages are not listed".formatted(column));
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
        throw new NotPacked("column %s has fewer bytes than its values".formatted(column));
      }
      for (; row < end; row++) {
        places[row] = at;
        at += Integer.BYTES + lengths[row];
      }
    }
    return places;
  }

  private static final class NotPacked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPacked(String message) {
      super(message);
    }
  }
}
