package io.facet.pipelines.champion;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.PairedFigures;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.score.VerificationMetrics;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A figure of the table {@code metrics}, measured again from scores so that two models can be
 * compared on the same pairs.
 *
 * @param name as in the table
 * @param of measures it
 * @param sign 1 where more is better, -1 where less is
 */
record GateFigure(String name, ToDoubleFunction<PairScores> of, int sign) {
  private static final String ACCURACY = "accuracy";
  private static final String ERROR_RATE = "equal-error-rate";
  private static final String TAR = "tar-at-far-";

  /**
   * The figure of that name.
   *
   * @throws IllegalArgumentException if there is none; recipes with such are refused before
   */
  static GateFigure named(String name) {
    ToDoubleFunction<PairScores> of =
        name.equals(ACCURACY)
            ? pairs -> TenFoldAccuracy.measure(pairs).mean()
            : pairs -> ofCurve(name).applyAsDouble(RocCurve.of(pairs));
    return new GateFigure(name, of, name.equals(ERROR_RATE) ? -1 : 1);
  }

  private static ToDoubleFunction<RocCurve> ofCurve(String name) {
    return switch (name) {
      case "area-under-curve" -> RocCurve::areaUnderCurve;
      case ERROR_RATE -> RocCurve::equalErrorRate;
      default -> {
        double rate =
            rate(name).orElseThrow(() -> new IllegalArgumentException("unknown figure " + name));
        yield curve -> TarAtFar.measure(curve, rate, TarAtFar.Rule.STRICT);
      }
    };
  }

  private static OptionalDouble rate(String name) {
    return name.startsWith(TAR)
        ? OptionalDouble.of(Double.parseDouble(name.substring(TAR.length())))
        : OptionalDouble.empty();
  }

  /** What the figure of that name lacks where a set has that many different pairs, if it does. */
  static Optional<String> lack(String name, long differentPairs) {
    OptionalDouble rate = rate(name);
    return rate.isPresent() && differentPairs < TarAtFar.pairsNeeded(rate.getAsDouble())
        ? Optional.of(VerificationMetrics.need(rate.getAsDouble(), differentPairs))
        : Optional.empty();
  }

  /** What the candidate gains over the champion, positive for the better, with its interval. */
  Bootstrap.Interval gain(
      Resampling pairs,
      PairScores candidate,
      PairScores champion,
      VerificationMetrics.Options options) {
    Bootstrap.Interval difference =
        name.equals(ACCURACY)
            ? Bootstrap.compare(
                    pairs,
                    new boolean[][] {TenFoldAccuracy.measure(candidate).correct()},
                    new boolean[][] {TenFoldAccuracy.measure(champion).correct()},
                    options.confidence(),
                    options.rounds(),
                    options.seed())
                .difference()
            : PairedFigures.difference(
                pairs,
                candidate,
                champion,
                ofCurve(name),
                options.confidence(),
                options.rounds(),
                options.seed());
    return sign > 0
        ? difference
        : new Bootstrap.Interval(-difference.value(), -difference.high(), -difference.low());
  }
}
