package io.facet.pipelines.stage;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Ranks the models of a run on each verification set and compares students with the baseline. */
final class Leaderboard {
  static final String TABLE = "leaderboard";
  static final String MARKDOWN = "leaderboard.md";

  private static final String ACCURACY = "accuracy";
  private static final String STUDENT = "student";
  private static final String NO_TEACHER = "none";

  private Leaderboard() {}

  /** The evaluated figures and pair verdicts of one model on one set. */
  private record Entry(MetricRow accuracy, long parameters, List<ScoreRow> scores) {
    boolean[] verdicts() {
      return TenFoldAccuracy.measure(VerificationMetrics.pairs(scores)).correct();
    }

    /** Pairs in order, by position: two models are compared on the same ones only. */
    List<Integer> positions() {
      return scores.stream().map(ScoreRow::position).sorted().toList();
    }
  }

  /**
   * Ranks.
   *
   * @param evaluations artifacts of {@code evaluate[MODEL]}
   */
  static List<LeaderboardRow> rank(
      Collection<Artifact> evaluations, VerificationMetrics.Options options) {
    Map<String, List<Entry>> bySet = new TreeMap<>();
    for (Artifact evaluation : evaluations) {
      entries(evaluation)
          .forEach((set, entry) -> bySet.computeIfAbsent(set, s -> new ArrayList<>()).add(entry));
    }
    List<LeaderboardRow> rows = new ArrayList<>();
    bySet.forEach((set, entries) -> rows.addAll(rankSet(set, entries, options)));
    return rows;
  }

  private static Map<String, Entry> entries(Artifact evaluation) {
    List<MetricRow> metrics =
        ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics"));
    List<ScoreRow> scores = ParquetTable.readAll(ScoreRow.class, evaluation.tableUris("scores"));
    long parameters =
        metrics.stream()
            .filter(row -> row.name().equals("parameters"))
            .mapToLong(row -> (long) row.value())
            .findFirst()
            .orElse(0);
    Map<String, Entry> entries = new TreeMap<>();
    for (MetricRow row : metrics) {
      if (row.name().equals(ACCURACY)) {
        List<ScoreRow> own = scores.stream().filter(s -> s.set().equals(row.set())).toList();
        entries.put(row.set(), new Entry(row, parameters, own));
      }
    }
    return entries;
  }

  private static List<LeaderboardRow> rankSet(
      String set, List<Entry> entries, VerificationMetrics.Options options) {
    List<Entry> ordered = new ArrayList<>(entries);
    ordered.sort(
        Comparator.comparingDouble((Entry entry) -> -entry.accuracy().value())
            .thenComparing(entry -> entry.accuracy().model()));
    List<LeaderboardRow> rows = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      Entry entry = ordered.get(i);
      Optional<Entry> baseline = baseline(entry, ordered);
      Optional<Bootstrap.Comparison> comparison =
          baseline.map(
              other ->
                  Bootstrap.compare(
                      entry.verdicts(),
                      other.verdicts(),
                      options.confidence(),
                      options.rounds(),
                      options.seed()));
      MetricRow accuracy = entry.accuracy();
      rows.add(
          new LeaderboardRow(
              i + 1,
              set,
              Protocols.TEN_FOLD_ACCURACY,
              accuracy.model(),
              accuracy.role(),
              accuracy.method(),
              accuracy.seed(),
              accuracy.value(),
              accuracy.low(),
              accuracy.high(),
              baseline.map(other -> other.accuracy().model()).orElse(""),
              comparison.map(c -> c.difference().value()).orElse(0.0),
              comparison.map(c -> c.difference().low()).orElse(0.0),
              comparison.map(c -> c.difference().high()).orElse(0.0),
              comparison.map(Bootstrap.Comparison::pValue).orElse(1.0),
              entry.parameters()));
    }
    return rows;
  }

  /** The student trained alone with the same seed, if there is one and it judged the same pairs. */
  private static Optional<Entry> baseline(Entry entry, List<Entry> all) {
    if (!entry.accuracy().role().equals(STUDENT) || entry.accuracy().method().equals(NO_TEACHER)) {
      return Optional.empty();
    }
    return all.stream()
        .filter(other -> other.accuracy().role().equals(STUDENT))
        .filter(other -> other.accuracy().method().equals(NO_TEACHER))
        .filter(other -> other.accuracy().seed() == entry.accuracy().seed())
        .filter(other -> other.positions().equals(entry.positions()))
        .findFirst();
  }

  /** The board as people read it: accuracies in percent. */
  static TextTable table(List<LeaderboardRow> rows) {
    TextTable table =
        new TextTable("set", "model", "accuracy %", "interval", "to alone", "p", "parameters");
    for (String set : new TreeSet<>(rows.stream().map(LeaderboardRow::set).toList())) {
      for (LeaderboardRow row : rows) {
        if (row.set().equals(set)) {
          boolean compared = !row.baseline().isEmpty();
          table.row(
              set,
              row.model() + (row.role().equals(STUDENT) ? "" : " (teacher)"),
              percent(row.accuracy()),
              "[" + percent(row.low()) + ", " + percent(row.high()) + "]",
              compared ? String.format(Locale.ROOT, "%+.2f", 100 * row.difference()) : "-",
              compared ? String.format(Locale.ROOT, "%.3f", row.pValue()) : "-",
              Long.toString(row.parameters()));
        }
      }
    }
    return table;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }
}
