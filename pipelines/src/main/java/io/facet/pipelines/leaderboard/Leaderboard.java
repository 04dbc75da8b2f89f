package io.facet.pipelines.leaderboard;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.MultipleComparisons;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.SeedSummary;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Ranks methods and teachers on each verification set, over all seeds, and compares them with the
 * baseline on the same pairs. Only what judged the same pairs is compared.
 */
public final class Leaderboard {
  /** Metric of an evaluation: milliseconds for one image. */
  public static final String LATENCY = "latency_ms_per_image";

  public static final String TABLE = "leaderboard";
  public static final String MARKDOWN = "leaderboard.md";

  private static final String ACCURACY = "accuracy";
  private static final String STUDENT = "student";
  private static final String IDENTITIES = "identities";
  private static final String ALONE = "none";

  private final String baseline;
  private final VerificationMetrics.Options options;

  private Leaderboard(Optional<String> baseline, VerificationMetrics.Options options) {
    this.baseline = baseline.orElse(ALONE);
    this.options = options;
  }

  /**
   * How a network is told from others.
   *
   * @param key networks of one key are seeds of one contestant
   * @param name shown
   * @param base method of students, name of a teacher: what a baseline is called by
   * @param group contestants are compared with the baseline of their group first
   */
  record Identity(String key, String name, String base, String group) {}

  /** One trained network on one set. */
  public record Measured(
      Identity identity,
      MetricRow accuracy,
      long parameters,
      List<ScoreRow> scores,
      Map<String, Long> people) {
    /** What the accuracy depends on, without its interval. */
    String protocol() {
      return Protocols.withoutInterval(accuracy.protocol());
    }

    /** Pairs in order: two networks are compared on the same ones only. */
    List<Integer> positions() {
      return scores.stream().map(ScoreRow::position).sorted().toList();
    }
  }

  /** All seeds of a method on one set, or a teacher. */
  private record Contestant(List<Measured> seeds) {
    Measured first() {
      return seeds.get(0);
    }

    String name() {
      return first().identity().name();
    }

    boolean[][] verdicts() {
      return seeds.stream()
          .map(s -> TenFoldAccuracy.measure(VerificationMetrics.pairs(s.scores())).correct())
          .toArray(boolean[][]::new);
    }

    double[] accuracies() {
      return seeds.stream().mapToDouble(s -> s.accuracy().value()).toArray();
    }

    double mean() {
      return Arrays.stream(accuracies()).average().orElseThrow();
    }

    /** Seed by seed; a system with one seed is the same for all of the other. */
    double[] differences(Contestant other) {
      double[] differences = accuracies();
      double[] theirs = other.accuracies();
      Arrays.setAll(differences, s -> differences[s] - theirs[Math.min(s, theirs.length - 1)]);
      return differences;
    }

    boolean samePairs() {
      return seeds.stream().allMatch(s -> s.positions().equals(first().positions()));
    }

    /** Whether seeds and pairs of both can be matched one by one. */
    boolean matches(Contestant other) {
      boolean sameSeeds =
          other.seeds.size() == 1
              || seeds.stream()
                  .map(s -> s.accuracy().seed())
                  .toList()
                  .equals(other.seeds.stream().map(s -> s.accuracy().seed()).toList());
      return sameSeeds
          && first().protocol().equals(other.first().protocol())
          && samePairs()
          && other.samePairs()
          && first().positions().equals(other.first().positions());
    }
  }

  /**
   * Ranks.
   *
   * @param evaluations artifacts of {@code evaluate[MODEL]}
   * @param baseline method or teacher that students are compared with; the student alone if empty
   */
  public static List<LeaderboardRow> rank(
      Collection<Artifact> evaluations,
      Optional<String> baseline,
      VerificationMetrics.Options options) {
    Map<String, List<Measured>> bySet = new TreeMap<>();
    for (Artifact evaluation : evaluations) {
      measured(evaluation, Leaderboard::plain)
          .forEach(
              one -> bySet.computeIfAbsent(one.accuracy().set(), s -> new ArrayList<>()).add(one));
    }
    List<LeaderboardRow> rows = new ArrayList<>();
    bySet.forEach((set, all) -> rows.addAll(rank(set, all, baseline, options)));
    return rows;
  }

  /** Ranks what was measured on one set. */
  public static List<LeaderboardRow> rank(
      String set,
      List<Measured> all,
      Optional<String> baseline,
      VerificationMetrics.Options options) {
    return new Leaderboard(baseline, options).rankSet(set, all);
  }

  /** In one run, methods and teachers have names of their own. */
  private static Identity plain(MetricRow accuracy) {
    String name = accuracy.role().equals(STUDENT) ? accuracy.method() : accuracy.model();
    return new Identity(name, name, name, "");
  }

  /** What an artifact of {@code evaluate[MODEL]} says, one a set. */
  public static List<Measured> measured(Artifact evaluation, Function<MetricRow, Identity> naming) {
    List<MetricRow> metrics =
        ParquetTable.readAll(MetricRow.class, evaluation.tableUris("metrics"));
    Map<String, List<ScoreRow>> scores =
        ParquetTable.readAll(ScoreRow.class, evaluation.tableUris("scores")).stream()
            .collect(Collectors.groupingBy(ScoreRow::set));
    Map<String, Map<String, Long>> people = people(evaluation);
    long parameters =
        metrics.stream()
            .filter(row -> row.name().equals("parameters"))
            .mapToLong(row -> (long) row.value())
            .findFirst()
            .orElse(0);
    return metrics.stream()
        .filter(row -> row.name().equals(ACCURACY))
        .map(
            row ->
                new Measured(
                    naming.apply(row),
                    row,
                    parameters,
                    scores.getOrDefault(row.set(), List.of()),
                    people.getOrDefault(row.set(), Map.of())))
        .toList();
  }

  /** Who is on the images of each set; empty for evaluations from before this was kept. */
  public static Map<String, Map<String, Long>> people(Artifact evaluation) {
    if (evaluation.manifest().table(IDENTITIES).isEmpty()) {
      return Map.of();
    }
    Map<String, List<IdentityRow>> bySet =
        ParquetTable.readAll(IdentityRow.class, evaluation.tableUris(IDENTITIES)).stream()
            .collect(Collectors.groupingBy(IdentityRow::set));
    Map<String, Map<String, Long>> people = new TreeMap<>();
    bySet.forEach((set, rows) -> people.put(set, IdentityRow.byImage(rows)));
    return people;
  }

  private List<LeaderboardRow> rankSet(String set, List<Measured> all) {
    List<Contestant> contestants = contestants(all);
    List<Optional<Contestant>> opponents =
        contestants.stream().map(one -> opponent(one, contestants)).toList();
    int compared = (int) opponents.stream().filter(Optional::isPresent).count();
    int rounds = MultipleComparisons.rounds(compared, options.rounds());
    List<Optional<Bootstrap.Comparison>> comparisons = new ArrayList<>();
    for (int i = 0; i < contestants.size(); i++) {
      Contestant one = contestants.get(i);
      comparisons.add(opponents.get(i).map(other -> compare(one, other, rounds)));
    }
    double[] adjusted =
        MultipleComparisons.holm(
            comparisons.stream()
                .flatMap(Optional::stream)
                .mapToDouble(Bootstrap.Comparison::pValue)
                .toArray());
    double lowest = MultipleComparisons.lowest(compared, rounds);
    List<LeaderboardRow> rows = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < contestants.size(); i++) {
      Contestant contestant = contestants.get(i);
      Optional<Bootstrap.Comparison> comparison = comparisons.get(i);
      SeedSummary seeds = SeedSummary.of(options.confidence(), contestant.accuracies());
      Optional<SeedSummary> gains =
          opponents
              .get(i)
              .map(other -> SeedSummary.of(options.confidence(), contestant.differences(other)));
      Ranged ranged = interval(contestant, rounds);
      rows.add(
          new LeaderboardRow(
              i + 1,
              set,
              ranged.protocol(),
              contestant.name(),
              contestant.first().accuracy().role(),
              seeds.seeds(),
              seeds.mean(),
              seeds.deviation(),
              ranged.interval().low(),
              ranged.interval().high(),
              seeds.low(),
              seeds.high(),
              comparison.isPresent() ? baseline : "",
              comparison.map(c -> c.difference().value()).orElse(0.0),
              comparison.map(c -> c.difference().low()).orElse(0.0),
              comparison.map(c -> c.difference().high()).orElse(0.0),
              gains.map(SeedSummary::low).orElse(Double.NaN),
              gains.map(SeedSummary::high).orElse(Double.NaN),
              comparison.map(Bootstrap.Comparison::pValue).orElse(1.0),
              comparison.isPresent() ? adjusted[next++] : 1.0,
              comparison.isPresent() ? lowest : 1.0,
              rounds,
              contestant.first().parameters()));
    }
    return rows;
  }

  /** Best first. */
  private static List<Contestant> contestants(List<Measured> all) {
    Map<String, List<Measured>> byKey =
        all.stream()
            .sorted(Comparator.comparingLong(one -> one.accuracy().seed()))
            .collect(
                Collectors.groupingBy(
                    one -> one.identity().key(), TreeMap::new, Collectors.toList()));
    return byKey.values().stream()
        .map(Contestant::new)
        .sorted(
            Comparator.comparingDouble((Contestant c) -> -c.mean()).thenComparing(Contestant::name))
        .toList();
  }

  /** An interval and the protocol that says how it was drawn. */
  private record Ranged(String protocol, Bootstrap.Interval interval) {}

  /** Over seeds and pairs; seeds that judged unlike pairs have the first one's interval. */
  private Ranged interval(Contestant contestant, int rounds) {
    MetricRow first = contestant.first().accuracy();
    if (!contestant.samePairs()) {
      return new Ranged(
          first.protocol(), new Bootstrap.Interval(first.value(), first.low(), first.high()));
    }
    Resampling pairs = resampling(contestant);
    return new Ranged(
        Protocols.name(contestant.first().protocol(), false, pairs.unit()),
        Bootstrap.accuracy(
            pairs, contestant.verdicts(), options.confidence(), rounds, options.seed()));
  }

  private Resampling resampling(Contestant contestant) {
    Measured first = contestant.first();
    return VerificationMetrics.resampling(first.scores(), first.people(), options.bootstrap());
  }

  private Bootstrap.Comparison compare(Contestant one, Contestant other, int rounds) {
    return Bootstrap.compare(
        resampling(one),
        one.verdicts(),
        other.verdicts(),
        options.confidence(),
        rounds,
        options.seed());
  }

  /**
   * What a student is compared with: the baseline of its group, or else the only one there is;
   * nothing for the baseline itself and for others than students.
   */
  private Optional<Contestant> opponent(Contestant one, List<Contestant> all) {
    boolean student = one.first().accuracy().role().equals(STUDENT);
    if (!student || one.first().identity().base().equals(baseline)) {
      return Optional.empty();
    }
    List<Contestant> baselines =
        all.stream()
            .filter(other -> other.first().identity().base().equals(baseline))
            .filter(one::matches)
            .toList();
    String group = one.first().identity().group();
    return baselines.stream()
        .filter(other -> other.first().identity().group().equals(group))
        .findFirst()
        .or(() -> baselines.size() == 1 ? baselines.stream().findFirst() : Optional.empty());
  }
}
