package io.facet.pipelines.champion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facet.models.DataException;
import io.facet.models.option.RecordBinder;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.pipelines.champion.GateDecision.Standing;
import io.facet.pipelines.champion.GateDecision.Verdict;
import io.facet.pipelines.recipe.GateRecipe;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final int PAIRS = 400;
  private static final String MAIN = "lfw/accuracy";
  private static final VerificationMetrics.Options OPTIONS =
      new VerificationMetrics.Options(0.95, 200, 1, List.of(0.01), ResamplingUnit.IDENTITY);

  @Test
  void theFirstCandidateBecomesChampionIfItIsWithinTheBounds() {
    assertThat(judge("{}", contender("a", 0.3), null).verdict()).isEqualTo(Verdict.FIRST);
    GateDecision large = judge("{maximumParameters: 999}", contender("a", 0.3), null);
    assertThat(large.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(large.reason()).isEqualTo("out of bounds: parameters 1000, at most 999");
  }

  @Test
  void aProvenGainPromotesAndSaysByHowMuch() {
    GateDecision decision = judge("{}", contender("b", 0.10), contender("a", 0.30));
    assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
    assertThat(decision.line()).matches("promoted: better on lfw/accuracy \\+\\S+ \\[\\+.*\\]");
    assertThat(decision.checks())
        .filteredOn(check -> check.name().equals(MAIN))
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.rule()).isEqualTo("main");
              assertThat(check.standing()).isEqualTo(Standing.BETTER);
              assertThat(check.pairs()).isEqualTo(PAIRS);
            });
  }

  @Test
  void aProvenLossIsRefused() {
    assertThat(judge("{}", contender("b", 0.30), contender("a", 0.10)).verdict())
        .isEqualTo(Verdict.REFUSED);
  }

  @Test
  void whatMayBeChanceKeepsTheChampion() {
    GateDecision gain = judge("{}", contender("b", 0.298), contender("a", 0.30));
    assertThat(gain.line()).startsWith("kept: not significantly better on lfw/accuracy");
    GateDecision loss = judge("{margin: 0.001}", contender("b", 0.302), contender("a", 0.30));
    assertThat(loss.line()).startsWith("kept: a loss that may be chance: lfw/accuracy");
  }

  @Test
  void notWorseIsEnoughWhereTheRecipeSaysSo() {
    String rules = "{promote: not-worse, margin: 0.05}";
    assertThat(judge(rules, contender("b", 0.30), contender("a", 0.30)).verdict())
        .isEqualTo(Verdict.PROMOTED);
  }

  @Test
  void everyGuardedFigureOfEverySetCounts() {
    Gate.Contender better = contender("b", 0.10, 0.40);
    GateDecision decision = judge("{}", better, contender("a", 0.30, 0.05));
    assertThat(decision.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(decision.reason()).startsWith("worse on agedb/accuracy");
    String more = "{guarded: [accuracy, area-under-curve, equal-error-rate, tar-at-far-1e-02]}";
    assertThat(judge(more, contender("b", 0.10), contender("a", 0.30)).checks())
        .extracting(GateDecision.Check::standing)
        .filteredOn(Standing.WORSE::equals)
        .isEmpty();
  }

  @Test
  void aRateWithTooFewDifferentPairsNeverDecides() {
    String guarded = "{guarded: [tar-at-far-1e-02, tar-at-far-1e-03]}";
    GateDecision decision = judge(guarded, contender("b", 0.10), contender("a", 0.30));
    assertThat(decision.verdict()).isEqualTo(Verdict.PROMOTED);
    assertThat(decision.checks())
        .filteredOn(check -> check.standing() == Standing.UNSUPPORTED)
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.name()).isEqualTo("lfw/tar-at-far-1e-03");
              assertThat(check.rule())
                  .isEqualTo(
                      "guarded, does not decide: needs 1000 different pairs, the set has 200");
              assertThat(check.gain()).isEmpty();
            });
    GateDecision main =
        Gate.judge(
            rules("{promote: not-worse}"),
            "lfw/tar-at-far-1e-03",
            OPTIONS,
            contender("b", 0.10),
            Optional.of(contender("a", 0.30)),
            Set.of());
    assertThat(main.verdict()).isEqualTo(Verdict.KEPT);
    assertThat(main.reason()).startsWith("nothing decides: lfw/tar-at-far-1e-03");
    assertThat(main.reason()).contains("needs 1000 different pairs");
    assertThat(main.table().toText()).contains("unsupported");
  }

  @Test
  void aSlowOrLargeStudentIsRefusedHoweverGood() {
    Gate.Contender slow = new Gate.Contender("b", "b", measured(OptionalDouble.of(20), 1000, 0.05));
    Gate.Contender champion =
        new Gate.Contender("a", "a", measured(OptionalDouble.of(10), 1000, 0.3));
    GateDecision decision = judge("{}", slow, champion);
    assertThat(decision.line()).isEqualTo("refused: out of bounds: milliseconds 20, at most 15");
    Gate.Contender large =
        new Gate.Contender("b", "b", measured(OptionalDouble.of(10), 1200, 0.05));
    assertThat(judge("{}", large, champion).verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(judge("{maximumGrowth: 1.2}", large, champion).verdict())
        .isEqualTo(Verdict.PROMOTED);
  }

  @Test
  void theChampionAgainIsNoChange() {
    assertThat(judge("{}", contender("a", 0.1), contender("a", 0.1)).verdict())
        .isEqualTo(Verdict.UNCHANGED);
  }

  @Test
  void aModelThatWasRolledBackIsNotPromotedAgain() {
    GateDecision decision =
        Gate.judge(
            rules("{}"),
            MAIN,
            OPTIONS,
            contender("b", 0.1),
            Optional.of(contender("a", 0.3)),
            Set.of("b"));
    assertThat(decision.verdict()).isEqualTo(Verdict.KEPT);
    assertThat(decision.reason()).contains("rolled back by hand");
  }

  @Test
  void onlyCommonPairsAreComparedAndNoneIsAnError() {
    Measured half =
        new Measured(
            Map.of("lfw", ScoredPairs.of(rows("lfw", 0.3).subList(0, 200), Map.of())),
            1000,
            OptionalDouble.empty());
    GateDecision decision = judge("{}", contender("b", 0.3), new Gate.Contender("a", "a", half));
    assertThat(decision.checks()).anyMatch(check -> check.pairs() == 200);
    Measured none = new Measured(Map.of(), 1000, OptionalDouble.empty());
    assertThatThrownBy(() -> judge("{}", contender("b", 0.3), new Gate.Contender("a", "a", none)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no pair of 'lfw' in common");
  }

  private static GateDecision judge(
      String rules, Gate.Contender candidate, Gate.Contender champion) {
    return Gate.judge(
        rules(rules), MAIN, OPTIONS, candidate, Optional.ofNullable(champion), Set.of());
  }

  private static GateRecipe rules(String yaml) {
    try {
      return RecordBinder.bind(GateRecipe.class, new YAMLMapper().readTree(yaml));
    } catch (JsonProcessingException e) {
      throw new AssertionError(yaml, e);
    }
  }

  private static Gate.Contender contender(String name, double... errors) {
    return new Gate.Contender(name, name, measured(OptionalDouble.empty(), 1000, errors));
  }

  /** Pairs of sets lfw, agedb ... of which a share is judged wrongly, spread over the set. */
  private static Measured measured(OptionalDouble time, double parameters, double... errors) {
    List<String> sets = List.of("lfw", "agedb");
    Map<String, ScoredPairs> scores = new TreeMap<>();
    for (int s = 0; s < errors.length; s++) {
      scores.put(sets.get(s), ScoredPairs.of(rows(sets.get(s), errors[s]), Map.of()));
    }
    return new Measured(scores, parameters, time);
  }

  private static List<ScoreRow> rows(String set, double errors) {
    List<ScoreRow> rows = new ArrayList<>();
    double carried = 0;
    for (int i = 0; i < PAIRS; i++) {
      boolean same = i % 2 == 0;
      carried += errors;
      boolean wrong = carried >= 1;
      carried -= wrong ? 1 : 0;
      double score = same != wrong ? 0.8 : 0.1;
      rows.add(new ScoreRow("m", set, i, i / 40, same, "f" + i, "g" + i, "l" + i, "r" + i, score));
    }
    return rows;
  }
}
