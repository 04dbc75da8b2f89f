package io.facet.transforms.embed;

import io.facet.models.DataException;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FaceName;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Files that have aligned faces: a crop that was cut out stands with its face, one that is an image
 * as it is with this image.
 *
 * @param faces data files of table {@code faces}
 * @param images data files of table {@code images} that may have the images of these
 */
public record FaceFiles(List<String> faces, List<String> images) implements Serializable {
  public FaceFiles {
    faces = List.copyOf(faces);
    images = List.copyOf(images);
  }

  /** Columns of table {@code faces}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Face(String faceId, String imageId, int faceIndex, byte[] crop) {}

  /** Columns of table {@code images}. */
  @SuppressWarnings("ArrayRecordComponent")
  record Image(String imageId, byte[] bytes) {}

  /**
   * Reads some faces without a pipeline; each table is gone through once. The names of faces whose
   * images are taken as they are stay in memory meanwhile.
   *
   * @param wanted whether to read a face
   * @param read takes each, those that were cut out first
   * @throws DataException if a file cannot be read, or an image is in none of them
   */
  public void read(Predicate<FaceName> wanted, BiConsumer<FaceName, FaceCrop> read) {
    Map<String, FaceName> asTheyAre = new HashMap<>();
    try (ParquetTable.Rows<Face> rows = ParquetTable.read(Face.class, faces)) {
      for (Face row : rows) {
        FaceName name = new FaceName(row.faceId(), row.imageId(), row.faceIndex());
        if (!wanted.test(name)) {
          continue;
        }
        if (row.crop().length > 0) {
          read.accept(name, new FaceCrop(row.faceId(), row.crop()));
        } else {
          asTheyAre.put(row.imageId(), name);
        }
      }
    }
    if (asTheyAre.isEmpty()) {
      return;
    }
    try (ParquetTable.Rows<Image> rows = ParquetTable.read(Image.class, images)) {
      for (Image row : rows) {
        FaceName name = asTheyAre.remove(row.imageId());
        if (name != null) {
          read.accept(name, new FaceCrop(name.faceId(), row.bytes()));
        }
      }
    }
    if (!asTheyAre.isEmpty()) {
      throw missing(asTheyAre.keySet().iterator().next());
    }
  }

  /** The image of a face that is not where its face was taken from. */
  static DataException missing(String imageId) {
    return new DataException(
        "image %s is the crop of a face and in no file of table images; run again, which makes that table anew"
            .formatted(imageId));
  }
}
