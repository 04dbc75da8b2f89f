package io.facet.transforms.train;

import ai.djl.ndarray.types.Shape;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.StoredFeatures;
import io.facet.transforms.pack.DataFile;
import io.facet.transforms.pack.TrainingFiles;
import io.facet.transforms.parquet.Places;
import io.facet.transforms.row.FeatureRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Cached outputs of a teacher on this machine, open for one training. */
final class LocalFeatures implements AutoCloseable {
  private static final Places<Row> PLACES = Places.of(Row.class).column("values", Row::valuesBytes);

  private final TrainingFiles files;
  private final StoredFeatures features;

  private LocalFeatures(TrainingFiles files, StoredFeatures features) {
    this.files = files;
    this.features = features;
  }

  /** What is read of table {@code teacher_features}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Row(String faceId, int view, String tap, int[] shape, int valuesBytes) {}

  /** Opens the files of table {@code teacher_features} for a set; the caller closes this. */
  static LocalFeatures open(List<DataFile> table, PackedTrainingSet set)
      throws IOException, InterruptedException {
    LocalFeatures opened = new LocalFeatures(TrainingFiles.open(table), new StoredFeatures(set));
    try {
      opened.find();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void find() {
    for (Path path : files.paths()) {
      features.file(path);
      PLACES.find(
          path,
          (row, places) ->
              features.place(
                  row.faceId(),
                  row.view() == FeatureRow.MIRRORED,
                  row.tap(),
                  new Shape(Arrays.stream(row.shape()).asLongStream().toArray()),
                  row.valuesBytes(),
                  places[0]));
    }
  }

  /** By the positions of the set. */
  CachedFeatures features() {
    return features;
  }

  @Override
  public void close() throws IOException {
    features.close();
    files.close();
  }
}
