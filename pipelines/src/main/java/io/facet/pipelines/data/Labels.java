package io.facet.pipelines.data;

import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Training faces whose label is doubtful by a teacher's embeddings: far from the centre of their
 * own person's other faces and nearer to somebody else's. Far is less than half the usual cosine
 * (the median of all faces); the other centre must be nearer than that. The embeddings are read
 * three times and never held.
 */
final class Labels {
  private static final double FAR = 0.5;

  private final Artifact ingest;
  private final Artifact features;
  private final Map<String, SampleRow> samples = new HashMap<>();
  private final Centres centres = new Centres();
  private double usual = Double.NaN;
  private int judged;

  /** Columns of table {@code teacher_features}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Embedding(String faceId, int view, String tap, int[] shape, byte[] values) {}

  /**
   * Of training samples and the teacher's outputs for them.
   *
   * @param features an artifact with the table {@code teacher_features}
   */
  Labels(Artifact ingest, Artifact features) {
    this.ingest = ingest;
    this.features = features;
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, this.ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        if (row.split().equals(SampleRow.TRAIN) && !row.identity().isEmpty()) {
          samples.put(row.imageId(), row);
        }
      }
    }
    each((sample, unit) -> centres.add(sample.identity(), unit));
  }

  /** The doubtful ones, the most doubtful first. */
  List<Rows.LabelError> errors() {
    List<Double> own = new ArrayList<>();
    each((sample, unit) -> centres.own(sample.identity(), unit).ifPresent(own::add));
    judged = own.size();
    if (own.isEmpty()) {
      return List.of();
    }
    double[] sorted = own.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    usual = sorted[sorted.length / 2];
    double far = FAR * usual;
    List<Rows.LabelError> errors = new ArrayList<>();
    each(
        (sample, unit) -> {
          Optional<Double> cosine = centres.own(sample.identity(), unit);
          if (cosine.isPresent() && cosine.get() < far) {
            centres
                .nearest(unit, sample.identity())
                .filter(other -> other.cosine() > Math.max(far, cosine.get()))
                .ifPresent(other -> errors.add(error(sample, cosine.get(), other)));
          }
        });
    errors.sort(
        Comparator.comparingDouble((Rows.LabelError e) -> e.own() - e.other())
            .thenComparing(Rows.LabelError::name));
    return errors;
  }

  private static Rows.LabelError error(SampleRow sample, double own, Centres.Nearest other) {
    return new Rows.LabelError(
        sample.imageId(),
        sample.source(),
        sample.name(),
        sample.identity(),
        own,
        other.identity(),
        other.cosine());
  }

  /** Faces with a label and another face of the same person, after {@link #errors}. */
  int judged() {
    return judged;
  }

  /** Median cosine of a face to its person, after {@link #errors}; NaN without any. */
  double usual() {
    return usual;
  }

  /** Centres of the people in training. */
  Centres centres() {
    return centres;
  }

  private void each(BiConsumer<SampleRow, double[]> consumer) {
    try (ParquetTable.Rows<Embedding> rows =
        ParquetTable.read(Embedding.class, features.tableUris("teacher_features"))) {
      for (Embedding row : rows) {
        if (row.view() == FeatureRow.PLAIN && row.tap().equals(FeatureRow.EMBEDDING)) {
          SampleRow sample = samples.get(FaceId.imageId(row.faceId()));
          if (sample != null) {
            consumer.accept(sample, Centres.unit(FeatureRow.floats(row.shape(), row.values())));
          }
        }
      }
    }
  }
}
