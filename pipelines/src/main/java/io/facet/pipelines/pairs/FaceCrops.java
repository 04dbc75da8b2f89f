package io.facet.pipelines.pairs;

import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Aligned faces by id, from the table {@code faces}. */
public final class FaceCrops {
  /** The columns of {@code faces} that a picture needs. */
  @SuppressWarnings("ArrayRecordComponent")
  record Crop(String faceId, byte[] crop) {}

  private final Map<String, byte[]> crops = new HashMap<>();

  private FaceCrops() {}

  /** No picture. */
  public static FaceCrops none() {
    return new FaceCrops();
  }

  /**
   * Reads some faces.
   *
   * @param align artifact of the stage
   * @param wanted ids of faces
   */
  public static FaceCrops read(Artifact align, Set<String> wanted) {
    FaceCrops read = new FaceCrops();
    try (ParquetTable.Rows<Crop> rows = ParquetTable.read(Crop.class, align.tableUris("faces"))) {
      for (Crop row : rows) {
        if (wanted.contains(row.faceId())) {
          read.crops.put(row.faceId(), row.crop());
        }
      }
    }
    return read;
  }

  /** The pixels of a face, if it was read. */
  public Optional<Pixels> pixels(String faceId) {
    return Optional.ofNullable(crops.get(faceId)).map(bytes -> ImageDecoder.decode(bytes));
  }
}
