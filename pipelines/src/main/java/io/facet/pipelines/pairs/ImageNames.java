package io.facet.pipelines.pairs;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.report.ShortHash;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the images of verification sets are called, from the table {@code samples}. */
public final class ImageNames {
  /** An image of a set. */
  private record Key(String set, String imageId) {}

  private final Map<Key, String> names = new HashMap<>();

  private ImageNames() {}

  /** Nothing is known: images go by the beginning of their digest. */
  public static ImageNames none() {
    return new ImageNames();
  }

  /**
   * Reads the names of some images.
   *
   * @param ingest artifact of the stage
   * @param wanted ids of images
   */
  public static ImageNames read(Artifact ingest, Set<String> wanted) {
    ImageNames read = new ImageNames();
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        if (wanted.contains(row.imageId())) {
          read.names.merge(
              new Key(row.split(), row.imageId()),
              row.name(),
              (one, other) -> one.compareTo(other) <= 0 ? one : other);
        }
      }
    }
    return read;
  }

  /** The name of an image in a set, the first of several; else the beginning of its digest. */
  public String of(String set, String imageId) {
    return names.getOrDefault(new Key(set, imageId), ShortHash.of(imageId));
  }
}
