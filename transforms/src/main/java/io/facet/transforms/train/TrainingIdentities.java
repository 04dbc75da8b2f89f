package io.facet.transforms.train;

import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Who is in a training set, read without its crops. */
final class TrainingIdentities {
  private TrainingIdentities() {}

  /** What is read of table {@code faces}. */
  record Face(String imageId, int faceIndex) {}

  /** Names of the identities with at least one crop, in the order of the classes. */
  static List<String> read(List<String> sampleFiles, List<String> faceFiles) {
    Map<String, String> identities = SplitCrops.identities(SampleRow.TRAIN, sampleFiles);
    TreeSet<String> seen = new TreeSet<>();
    try (ParquetTable.Rows<Face> faces = ParquetTable.read(Face.class, faceFiles)) {
      for (Face face : faces) {
        String identity = identities.getOrDefault(face.imageId(), "");
        if (face.faceIndex() == 0 && !identity.isEmpty()) {
          seen.add(identity);
        }
      }
    }
    return List.copyOf(seen);
  }
}
