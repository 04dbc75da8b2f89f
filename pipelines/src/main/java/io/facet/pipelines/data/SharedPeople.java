package io.facet.pipelines.data;

import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * People of verification sets who look like somebody in training: the centres of both are as near
 * to each other as a face usually is to its own person.
 */
final class SharedPeople {
  private SharedPeople() {}

  /**
   * The likely ones, most alike first.
   *
   * @param evaluation of the same teacher, with the table {@code embeddings}
   * @param training centres of the people in training
   * @param usual cosine from which two centres are suspicious
   */
  static List<Rows.SharedPerson> find(
      Artifact ingest, Artifact evaluation, Centres training, double usual) {
    Map<String, List<SampleRow>> samples = new HashMap<>();
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        boolean learnt = Set.of(SampleRow.TRAIN, SampleRow.VALIDATION).contains(row.split());
        if (!learnt && !row.identity().isEmpty()) {
          samples.computeIfAbsent(row.imageId(), id -> new ArrayList<>(1)).add(row);
        }
      }
    }
    Map<String, Centres> sets = new TreeMap<>();
    try (ParquetTable.Rows<EmbeddingRow> rows =
        ParquetTable.read(EmbeddingRow.class, evaluation.tableUris("embeddings"))) {
      for (EmbeddingRow row : rows) {
        for (SampleRow sample : samples.getOrDefault(FaceId.imageId(row.faceId()), List.of())) {
          sets.computeIfAbsent(sample.split(), split -> new Centres())
              .add(sample.identity(), Centres.unit(row.values()));
        }
      }
    }
    List<Rows.SharedPerson> shared = new ArrayList<>();
    sets.forEach(
        (set, people) -> {
          for (String identity : people.identities()) {
            training
                .nearest(people.centre(identity), "")
                .filter(nearest -> nearest.cosine() >= usual)
                .ifPresent(
                    nearest ->
                        shared.add(
                            new Rows.SharedPerson(
                                set, identity, nearest.identity(), nearest.cosine())));
          }
        });
    shared.sort(Comparator.comparingDouble(row -> -row.similarity()));
    return shared;
  }
}
