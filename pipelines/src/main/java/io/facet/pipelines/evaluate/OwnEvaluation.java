package io.facet.pipelines.evaluate;

import io.facet.models.RecipeException;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.StoredBeside;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The scores of a model file that lies in a store, by verification set, from its evaluation. */
public record OwnEvaluation(SortedMap<String, PairScores> sets) {
  /**
   * A threshold.
   *
   * @param cosine pairs at or above it are taken for one person
   * @param rate of false accepts, as asked for
   * @param set it was measured on
   * @param differentPairs of that set
   */
  public record Threshold(double cosine, double rate, String set, long differentPairs) {}

  /** The evaluation of a model; empty if it lies in no store, or was not evaluated there. */
  public static Optional<OwnEvaluation> of(Path model) throws IOException {
    Optional<Path> folder = StoredBeside.artifactOf(model.toAbsolutePath().normalize());
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest = StoredBeside.manifest(folder.get());
    Path root = folder.get().getParent().getParent().getParent();
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      return evaluation(store, manifest).map(OwnEvaluation::read);
    }
  }

  /** The evaluation of this fingerprint in a store, if it is there. */
  public static Optional<OwnEvaluation> in(Path root, String fingerprint) {
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      return store.find(Stages.EVALUATE, fingerprint).artifact().map(OwnEvaluation::read);
    }
  }

  /** The newest one of the model, or of the training whose model was published. */
  private static Optional<Artifact> evaluation(ArtifactStore store, Manifest manifest) {
    String training =
        manifest.stage().equals(Stages.PUBLISH)
            ? manifest
                .parents()
                .get("%s[%s]".formatted(Stages.DISTILL, manifest.notes().get("model")))
            : manifest.fingerprint();
    return store.listed(Stages.EVALUATE).stream()
        .filter(one -> one.manifest().table("scores").isPresent())
        .filter(one -> one.manifest().parents().containsValue(training))
        .findFirst();
  }

  private static OwnEvaluation read(Artifact evaluation) {
    SortedMap<String, PairScores.Builder> bySet = new TreeMap<>();
    try (ParquetTable.Rows<ScoreRow> rows =
        ParquetTable.read(ScoreRow.class, evaluation.tableUris("scores"))) {
      for (ScoreRow row : rows) {
        bySet
            .computeIfAbsent(row.set(), set -> new PairScores.Builder())
            .add(row.score(), row.same());
      }
    }
    SortedMap<String, PairScores> sets = new TreeMap<>();
    bySet.forEach((set, pairs) -> sets.put(set, pairs.build()));
    return new OwnEvaluation(Collections.unmodifiableSortedMap(sets));
  }

  /**
   * The lowest threshold at which no more than a share of the different pairs is accepted.
   *
   * @param set to measure it on; empty: the one with the most different pairs
   * @param rate of false accepts, in 0..1
   * @throws RecipeException if there is no such set, or it has too few different pairs for the rate
   */
  public Threshold threshold(Optional<String> set, double rate) {
    String name =
        set.orElseGet(
            () ->
                sets.keySet().stream()
                    .max(Comparator.comparingLong(one -> different(sets.get(one))))
                    .orElseThrow());
    PairScores pairs = sets.get(name);
    if (pairs == null) {
      throw new RecipeException(
          "--set: the model was not evaluated on '%s', but on %s"
              .formatted(name, String.join(", ", sets.keySet())));
    }
    long different = different(pairs);
    if (different < TarAtFar.pairsNeeded(rate)) {
      throw new RecipeException(
          "--far: %s on %s; ask for a higher rate, or give --threshold"
              .formatted(VerificationMetrics.need(rate, different), name));
    }
    double cosine = TarAtFar.point(RocCurve.of(pairs), rate, TarAtFar.Rule.STRICT).threshold();
    return new Threshold(cosine, rate, name, different);
  }

  private static long different(PairScores pairs) {
    return pairs.size() - pairs.sameCount();
  }
}
