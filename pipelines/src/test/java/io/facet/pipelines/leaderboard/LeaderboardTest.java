package io.facet.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.protocol.ResamplingUnit;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeaderboardTest {
  private static final int PAIRS = 400;
  private static final int PEOPLE = 20;

  private static VerificationMetrics.Options options(int rounds, ResamplingUnit unit) {
    return new VerificationMetrics.Options(0.95, rounds, 1, List.of(), unit);
  }

  private static List<LeaderboardRow> rank(
      int rounds, ResamplingUnit unit, Leaderboard.Measured... models) {
    return Leaderboard.rank("lfw", List.of(models), Optional.of("none"), options(rounds, unit));
  }

  /** A student with some share of errors, spread by chance. */
  private static Leaderboard.Measured student(
      String method, long seed, double errors, boolean flip) {
    SplittableRandom random = new SplittableRandom(seed + method.hashCode());
    List<ScoreRow> scores = new ArrayList<>();
    Map<String, Long> people = new TreeMap<>();
    for (int i = 0; i < PAIRS; i++) {
      boolean same = i % 2 == 0;
      double score = same != random.nextDouble() < errors ? 0.8 : 0.1;
      scores.add(
          new ScoreRow("m", "lfw", i, i / 40, same, "f" + i, "g" + i, "l" + i, "r" + i, score));
      long left = i % PEOPLE;
      people.put("l" + i, left);
      people.put("r" + i, same ? left : (left + 1 + i / PEOPLE) % PEOPLE);
    }
    VerificationMetrics.Subject subject =
        new VerificationMetrics.Subject(method + "#" + seed, "student", method, seed, flip);
    VerificationMetrics.Options options = options(50, ResamplingUnit.IDENTITY);
    VerificationMetrics.Judged judged =
        VerificationMetrics.judge("lfw", ScoredPairs.of(scores, people), options);
    MetricRow accuracy = VerificationMetrics.measure(subject, "lfw", judged, options).get(0);
    return new Leaderboard.Measured(
        new Leaderboard.Identity(method, method, method, ""), accuracy, 1000, judged.outcomes());
  }

  private static Leaderboard.Measured student(String method, long seed, double errors) {
    return student(method, seed, errors, false);
  }

  private static LeaderboardRow named(List<LeaderboardRow> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void severalSeedsHaveAStudentIntervalBesideTheBootstrap() {
    List<LeaderboardRow> rows =
        rank(
            500,
            ResamplingUnit.IDENTITY,
            student("fc", 1, 0.08),
            student("fc", 2, 0.12),
            student("fc", 3, 0.10),
            student("none", 1, 0.3),
            student("none", 2, 0.3),
            student("none", 3, 0.3));
    LeaderboardRow fc = named(rows, "fc");
    double half = 4.302653 * fc.deviation() / Math.sqrt(3);
    assertThat(fc.seedHigh() - fc.accuracy()).isCloseTo(half, within(1e-6));
    assertThat(fc.differenceSeedLow()).isLessThan(fc.difference());
    assertThat(fc.differenceSeedHigh()).isGreaterThan(fc.difference());
    assertThat(fc.protocol()).isEqualTo("lfw-10fold-v2+bootstrap-identity-v1");
    String text = LeaderboardTable.of(rows, 0.95).toText();
    assertThat(text)
        .contains("over seeds")
        .contains("CI: bootstrap by identity\n", "95 % CI of Δ")
        .contains("Student's t interval")
        .contains("p: two-sided, after Holm's correction for 1; with 500 rounds at least 0.0040");
  }

  @Test
  void oneSeedSaysThatSeedsAreNotCovered() {
    List<LeaderboardRow> rows =
        rank(500, ResamplingUnit.PAIR, student("fc", 1, 0.1), student("none", 1, 0.2));
    assertThat(named(rows, "fc").seedLow()).isNaN();
    assertThat(named(rows, "fc").differenceSeedLow()).isNaN();
    assertThat(LeaderboardTable.of(rows, 0.95).toMarkdown())
        .contains("one seed each: no interval covers what other seeds would give")
        .contains("bootstrap by pair")
        .doesNotContain("over seeds");
  }

  @Test
  void manyComparisonsGetTheRoundsTheyNeed() {
    List<Leaderboard.Measured> models = new ArrayList<>();
    models.add(student("none", 1, 0.4));
    for (int i = 0; i < 4; i++) {
      models.add(student("better" + i, 1, 0.02));
    }
    List<LeaderboardRow> rows =
        rank(60, ResamplingUnit.IDENTITY, models.toArray(Leaderboard.Measured[]::new));
    assertThat(rows).allSatisfy(row -> assertThat(row.rounds()).isEqualTo(799));
    LeaderboardRow best = named(rows, "better0");
    assertThat(best.lowestPValue()).isEqualTo(4 * 2.0 / 800);
    assertThat(best.adjustedPValue()).isEqualTo(best.lowestPValue());
    assertThat(named(rows, "none").lowestPValue()).isEqualTo(1);
  }

  @Test
  void anUnreachableSignificanceIsSaid() {
    LeaderboardRow row =
        named(rank(60, ResamplingUnit.PAIR, student("fc", 1, 0.1), student("none", 1, 0.2)), "fc");
    LeaderboardRow few =
        new LeaderboardRow(
            1,
            "lfw",
            row.protocol(),
            "fc",
            "student",
            1,
            0.9,
            0,
            0.8,
            1,
            Double.NaN,
            Double.NaN,
            "none",
            0.1,
            0,
            0.2,
            Double.NaN,
            Double.NaN,
            0.1,
            0.4,
            0.08,
            24,
            1000);
    assertThat(LeaderboardTable.of(List.of(few), 0.95).toText())
        .contains("at least 0.0800, so no difference can be significant at 0.05: too few rounds");
  }

  @Test
  void otherProtocolsAreNotCompared() {
    List<LeaderboardRow> rows =
        rank(
            100,
            ResamplingUnit.IDENTITY,
            student("fc", 1, 0.1, true),
            student("none", 1, 0.2, false));
    assertThat(named(rows, "fc").baseline()).isEmpty();
    assertThat(named(rows, "fc").protocol()).startsWith("lfw-10fold-v2+flip+");
  }
}
