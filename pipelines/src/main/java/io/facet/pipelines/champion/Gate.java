package io.facet.pipelines.champion;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.Resampling;
import io.facet.pipelines.champion.GateDecision.Check;
import io.facet.pipelines.champion.GateDecision.Standing;
import io.facet.pipelines.champion.GateDecision.Verdict;
import io.facet.pipelines.recipe.GateRecipe;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Judges whether a candidate may take the champion's place.
 *
 * <ol>
 *   <li>Out of bounds in time or size: refused.
 *   <li>Significantly worse (the whole interval of the paired difference) on a guarded figure of
 *       any set: refused.
 *   <li>A loss beyond the margin on a guarded figure that may be chance: the champion is kept.
 *   <li>Significantly better on the main figure (or, if the recipe says so, not worse by more than
 *       the margin, significantly): promoted. Else the champion is kept.
 * </ol>
 *
 * <p>A true accept rate for which a set has too few different pairs is shown, but never decides: as
 * a guarded figure it stops nothing, as the main figure it keeps the champion.
 *
 * <p>So a champion is never left for a chance gain, and small gains add up, since the comparison is
 * always with the standing champion.
 */
public final class Gate {
  private final GateRecipe rules;
  private final String main;
  private final VerificationMetrics.Options options;
  private final List<Check> checks = new ArrayList<>();

  private Gate(GateRecipe rules, String main, VerificationMetrics.Options options) {
    this.rules = rules;
    this.main = main;
    this.options = options;
  }

  /**
   * A model before the gate.
   *
   * @param label of the student, or what the champion is called
   * @param sha256 of its model file
   * @param measured its figures
   */
  public record Contender(String label, String sha256, Measured measured) {}

  /**
   * Judges.
   *
   * @param main {@code SET/FIGURE}
   * @param rolledBack models people took back
   */
  public static GateDecision judge(
      GateRecipe rules,
      String main,
      VerificationMetrics.Options options,
      Contender candidate,
      Optional<Contender> champion,
      Set<String> rolledBack) {
    String against = champion.map(Contender::label).orElse("");
    if (champion.isPresent() && champion.get().sha256().equals(candidate.sha256())) {
      return new GateDecision(
          Verdict.UNCHANGED,
          "the candidate is the champion",
          candidate.label(),
          against,
          List.of());
    }
    Gate gate = new Gate(rules, main, options);
    Optional<Measured> standing = champion.map(Contender::measured);
    gate.bounds(candidate.measured(), standing);
    standing.ifPresent(one -> gate.figures(candidate.measured(), one));
    return gate.decide(candidate, against, rolledBack.contains(candidate.sha256()));
  }

  /**
   * What a figure lacks on a set with that many different pairs: {@code needs 1000 different pairs,
   * the set has 300}; empty if nothing.
   */
  public static Optional<String> lack(String figure, long differentPairs) {
    return GateFigure.lack(figure, differentPairs);
  }

  private void bounds(Measured candidate, Optional<Measured> champion) {
    candidate
        .milliseconds()
        .ifPresent(
            time ->
                bound(
                    "milliseconds",
                    time,
                    champion
                        .map(Measured::milliseconds)
                        .filter(OptionalDouble::isPresent)
                        .map(OptionalDouble::getAsDouble),
                    rules.maximumSlowdown(),
                    rules.maximumMilliseconds()));
    bound(
        "parameters",
        candidate.parameters(),
        champion.map(Measured::parameters),
        rules.maximumGrowth(),
        rules.maximumParameters().map(Long::doubleValue));
  }

  private void bound(
      String name,
      double value,
      Optional<Double> champions,
      double factor,
      Optional<Double> absolute) {
    double relative = champions.map(one -> one * factor).orElse(Double.POSITIVE_INFINITY);
    double limit = Math.min(relative, absolute.orElse(Double.POSITIVE_INFINITY));
    String rule = Double.isInfinite(limit) ? "no bound" : "at most " + GateDecision.bare(limit);
    checks.add(
        new Check(
            name,
            rule,
            value <= limit ? Standing.WITHIN : Standing.EXCEEDED,
            value,
            champions,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0));
  }

  private void figures(Measured candidate, Measured champion) {
    Set<String> names = new LinkedHashSet<>();
    names.add(main);
    for (String set : candidate.scores().keySet()) {
      rules.guarded().forEach(figure -> names.add(set + "/" + figure));
    }
    for (String name : names) {
      int slash = name.lastIndexOf('/');
      checks.add(
          figure(
              name,
              name.substring(0, slash),
              GateFigure.named(name.substring(slash + 1)),
              candidate,
              champion));
    }
  }

  private Check figure(
      String name, String set, GateFigure figure, Measured candidate, Measured champion) {
    ScoredPairs common = candidate.common(set, champion);
    PairScores ours = common.pairs();
    PairScores theirs = champion.common(set, candidate).pairs();
    String rule = name.equals(main) ? "main" : "guarded";
    Optional<String> lack = GateFigure.lack(figure.name(), ours.size() - ours.sameCount());
    if (lack.isPresent()) {
      return new Check(
          name,
          rule + ", does not decide: " + lack.get(),
          Standing.UNSUPPORTED,
          figure.of().applyAsDouble(ours),
          Optional.of(figure.of().applyAsDouble(theirs)),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          ours.size());
    }
    Resampling pairs = common.resampling(options.bootstrap());
    Bootstrap.Interval gain = figure.gain(pairs, ours, theirs, options);
    return new Check(
        name,
        rule,
        standing(gain),
        figure.of().applyAsDouble(ours),
        Optional.of(figure.of().applyAsDouble(theirs)),
        Optional.of(gain.value()),
        Optional.of(gain.low()),
        Optional.of(gain.high()),
        ours.size());
  }

  private Standing standing(Bootstrap.Interval gain) {
    if (gain.high() < 0) {
      return Standing.WORSE;
    }
    if (gain.low() > 0) {
      return Standing.BETTER;
    }
    return gain.value() < -rules.margin() ? Standing.DOUBTFUL : Standing.EVEN;
  }

  private GateDecision decide(Contender candidate, String against, boolean takenBack) {
    Optional<Check> exceeded = first(Standing.EXCEEDED);
    Optional<Check> worse = first(Standing.WORSE);
    Optional<Check> doubtful = first(Standing.DOUBTFUL);
    Verdict verdict;
    String reason;
    if (exceeded.isPresent()) {
      verdict = Verdict.REFUSED;
      reason = "out of bounds: " + exceeded.get().describe();
    } else if (worse.isPresent()) {
      verdict = Verdict.REFUSED;
      reason = "worse on " + worse.get().describe();
    } else if (against.isEmpty()) {
      verdict = Verdict.FIRST;
      reason = "there was no champion";
    } else if (takenBack) {
      verdict = Verdict.KEPT;
      reason = "this model was rolled back by hand; 'facet promote --force' brings it back";
    } else if (doubtful.isPresent()) {
      verdict = Verdict.KEPT;
      reason = "a loss that may be chance: " + doubtful.get().describe();
    } else {
      Check decisive = checks.stream().filter(c -> c.name().equals(main)).findFirst().orElseThrow();
      boolean enough =
          decisive.standing() == Standing.BETTER
              || (rules.promote() == GateRecipe.Promote.NOT_WORSE
                  && decisive.low().filter(low -> low >= -rules.margin()).isPresent());
      boolean better = decisive.standing() == Standing.BETTER;
      verdict = enough ? Verdict.PROMOTED : Verdict.KEPT;
      reason =
          decisive.standing() == Standing.UNSUPPORTED
              ? "nothing decides: " + decisive.describe()
              : (better ? "better on " : enough ? "not worse on " : "not significantly better on ")
                  + decisive.describe();
    }
    return new GateDecision(verdict, reason, candidate.label(), against, List.copyOf(checks));
  }

  private Optional<Check> first(Standing standing) {
    return checks.stream().filter(check -> check.standing() == standing).findFirst();
  }
}
