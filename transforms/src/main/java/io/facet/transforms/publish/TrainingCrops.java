package io.facet.transforms.publish;

import io.facet.models.face.Pixels;
import io.facet.transforms.embed.EmbedFaces;
import io.facet.transforms.embed.FaceFiles;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.SampleRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Some aligned faces of training images, drawn by seed: the same ones whatever the order of the
 * rows. Holds twice as many ids as faces are asked for, since some images have no face.
 */
final class TrainingCrops {
  private static final int DIGITS_OF_A_LONG = 16;
  private static final int HEXADECIMAL = 16;

  private final int limit;
  private final long seed;
  private final TreeMap<Long, String> chosen = new TreeMap<>();

  private TrainingCrops(int limit, long seed) {
    this.limit = limit;
    this.seed = seed;
  }

  /**
   * Reads both tables once.
   *
   * @param limit of faces
   * @throws io.facet.models.DataException if a face cannot be decoded
   */
  static List<Pixels> read(List<String> samples, FaceFiles faces, int limit, long seed) {
    TrainingCrops crops = new TrainingCrops(limit, seed);
    try (ParquetTable.Rows<SampleRow> rows = ParquetTable.read(SampleRow.class, samples)) {
      for (SampleRow row : rows) {
        if (row.split().equals(SampleRow.TRAIN)) {
          crops.offer(row.imageId());
        }
      }
    }
    return crops.of(faces);
  }

  private void offer(String imageId) {
    chosen.put(place(imageId), imageId);
    if (chosen.size() > 2 * limit) {
      chosen.pollLastEntry();
    }
  }

  private long place(String imageId) {
    long bits = Long.parseUnsignedLong(imageId.substring(0, DIGITS_OF_A_LONG), HEXADECIMAL);
    return new SplittableRandom(bits ^ seed).nextLong();
  }

  private List<Pixels> of(FaceFiles faces) {
    Map<String, FaceCrop> found = new HashMap<>();
    faces.read(
        face -> face.faceIndex() == 0 && face.imageId().equals(chosen.get(place(face.imageId()))),
        (face, crop) -> found.put(face.imageId(), crop));
    return EmbedFaces.decode(
        chosen.values().stream().map(found::get).filter(Objects::nonNull).limit(limit).toList());
  }
}
