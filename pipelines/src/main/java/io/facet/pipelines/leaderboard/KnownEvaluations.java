package io.facet.pipelines.leaderboard;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.KeptResult;
import io.facet.pipelines.stage.Stages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What leaderboards read of the evaluations of a store, kept so that the tables of each evaluation
 * are read once.
 */
final class KnownEvaluations {
  /** Another one when the same tables are read as something else. */
  private static final String FORMAT = "evaluations-1";

  /** Verdicts that are kept at most, at a bit each: 256 MB, which are held in memory twice. */
  private static final long MOST = 1L << 31;

  private KnownEvaluations() {}

  /**
   * What evaluations say of their models, in their order, still without names: of those that are
   * known what was read then, of the others what their tables say.
   *
   * @param evaluations sound artifacts, all that the store has
   */
  static List<List<Leaderboard.Measured>> read(ArtifactStore store, List<Artifact> evaluations) {
    Map<String, List<Leaderboard.Measured>> known =
        store
            .kept(KeptResult.READ, Stages.EVALUATE, FORMAT)
            .flatMap(MeasuredBytes::decode)
            .orElse(Map.of());
    List<List<Leaderboard.Measured>> read =
        evaluations.parallelStream()
            .map(
                one ->
                    Optional.ofNullable(known.get(one.attempt()))
                        .orElseGet(() -> Evaluations.measured(one, row -> MeasuredBytes.UNNAMED)))
            .toList();
    Map<String, List<Leaderboard.Measured>> all = new HashMap<>();
    for (int i = 0; i < read.size(); i++) {
      all.put(evaluations.get(i).attempt(), read.get(i));
    }
    long verdicts =
        read.stream().flatMap(List::stream).mapToLong(one -> one.outcomes().correct().length).sum();
    if (!all.keySet().equals(known.keySet()) && verdicts <= MOST) {
      store.keep(KeptResult.READ, Stages.EVALUATE, FORMAT, MeasuredBytes.encode(all));
    }
    return read;
  }
}
