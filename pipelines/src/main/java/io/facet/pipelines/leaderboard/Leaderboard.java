package io.facet.pipelines.leaderboard;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.JointBootstrap;
import io.facet.models.protocol.MultipleComparisons;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.SeedSummary;
import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.score.Outcomes;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  private static final String STUDENT = "student";
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

  /** One trained network on one set, and which of its pairs it judged rightly. */
  public record Measured(
      Identity identity, MetricRow accuracy, long parameters, Outcomes outcomes) {
    Measured named(Identity other) {
      return new Measured(other, accuracy, parameters, outcomes);
    }

    /** What the accuracy depends on, without its interval. */
    String protocol() {
      return Protocols.withoutInterval(accuracy.protocol());
    }

    /** Two networks are compared on the same pairs only. */
    boolean samePairs(Measured other) {
      return outcomes.pairsDigest().equals(other.outcomes.pairsDigest());
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
      return seeds.stream().map(one -> one.outcomes().correct()).toArray(boolean[][]::new);
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
      return seeds.stream().allMatch(first()::samePairs);
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
          && first().samePairs(other.first());
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
      Evaluations.measured(evaluation, Leaderboard::plain)
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

  private List<LeaderboardRow> rankSet(String set, List<Measured> all) {
    List<Contestant> contestants = contestants(all);
    List<Optional<Contestant>> opponents =
        contestants.stream().map(one -> opponent(one, contestants)).toList();
    int compared = (int) opponents.stream().filter(Optional::isPresent).count();
    int rounds = MultipleComparisons.rounds(compared, options.rounds());
    List<Drawn> drawn = draw(contestants, opponents, rounds);
    List<Optional<Bootstrap.Comparison>> comparisons =
        drawn.stream().map(Drawn::comparison).toList();
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
      Drawn ranged = drawn.get(i);
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

  /** An interval, the protocol that says how it was drawn, and what the comparison gave. */
  private record Drawn(
      String protocol, Bootstrap.Interval interval, Optional<Bootstrap.Comparison> comparison) {}

  /**
   * Intervals over seeds and pairs, and comparisons, in the order of the contestants; seeds that
   * judged unlike pairs have the first one's interval.
   */
  private List<Drawn> draw(
      List<Contestant> contestants, List<Optional<Contestant>> opponents, int rounds) {
    Drawn[] drawn = new Drawn[contestants.size()];
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < drawn.length; i++) {
      MetricRow first = contestants.get(i).first().accuracy();
      if (contestants.get(i).samePairs()) {
        left.add(i);
      } else {
        drawn[i] =
            new Drawn(
                first.protocol(),
                new Bootstrap.Interval(first.value(), first.low(), first.high()),
                Optional.empty());
      }
    }
    while (!left.isEmpty()) {
      Outcomes pairs = contestants.get(left.get(0)).first().outcomes();
      List<Integer> alike =
          left.stream()
              .filter(i -> contestants.get(i).first().outcomes().sameDraws(pairs))
              .toList();
      left.removeAll(alike);
      Resampling resampling = pairs.resampling(options.bootstrap());
      List<JointBootstrap.Question> questions =
          alike.stream()
              .map(
                  i ->
                      new JointBootstrap.Question(
                          contestants.get(i).verdicts(),
                          opponents.get(i).map(Contestant::verdicts)))
              .toList();
      List<JointBootstrap.Answer> answers =
          JointBootstrap.answers(
              resampling, questions, options.confidence(), rounds, options.seed());
      for (int i = 0; i < answers.size(); i++) {
        int place = alike.get(i);
        drawn[place] =
            new Drawn(
                Protocols.name(contestants.get(place).first().protocol(), false, resampling.unit()),
                answers.get(i).accuracy(),
                answers.get(i).comparison());
      }
    }
    return List.of(drawn);
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
