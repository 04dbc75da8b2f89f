package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.train.data.ScratchTrainingSet;
import io.facet.models.train.data.TrainingCrop;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.SampleRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The faces of one split with their identities if known, joined from {@code faces} and {@code
 * samples}. The tables are read one row group at a time into a scratch file, so the crops need not
 * fit in memory; from there any sampler draws them in any order, whatever their order in the
 * tables.
 */
public final class SplitCrops {
  private SplitCrops() {}

  /**
   * Reads a split; the caller closes it. An image listed under several names is one crop; of
   * several faces in an image the first counts.
   *
   * @param split {@link SampleRow#TRAIN} or {@link SampleRow#VALIDATION}
   * @throws DataException if one image stands under two identities
   */
  public static ScratchTrainingSet read(
      String split, List<String> sampleFiles, List<String> faceFiles) {
    Map<String, String> identities = identities(split, sampleFiles);
    try (ScratchTrainingSet.Builder crops = new ScratchTrainingSet.Builder();
        ParquetTable.Rows<FaceRow> faces = ParquetTable.read(FaceRow.class, faceFiles)) {
      for (FaceRow face : faces) {
        String identity = identities.get(face.imageId());
        if (identity != null && face.faceIndex() == 0) {
          crops.add(new TrainingCrop(face.faceId(), identity, face.crop()));
        }
      }
      return crops.build();
    }
  }

  /** Identity of each image of a split, by image id. */
  static Map<String, String> identities(String split, List<String> sampleFiles) {
    Map<String, String> identities = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    try (ParquetTable.Rows<SampleRow> samples = ParquetTable.read(SampleRow.class, sampleFiles)) {
      for (SampleRow sample : samples) {
        if (!sample.split().equals(split)) {
          continue;
        }
        String twin =
            identities.put(
                sample.imageId(),
                names.computeIfAbsent(sample.identity(), name -> name)); // one text an identity
        if (twin != null && !twin.equals(sample.identity())) {
          throw new DataException(
              "image %s (%s) stands under two identities, '%s' and '%s'; remove one of the files"
                  .formatted(sample.imageId(), sample.name(), twin, sample.identity()));
        }
      }
    }
    return identities;
  }
}
