package io.facet.pipelines.champion;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.PairedFigures;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.score.VerificationMetrics;
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
        switch (name) {
          case ACCURACY -> pairs -> TenFoldAccuracy.measure(pairs).mean();
          case "area-under-curve" -> pairs -> RocCurve.of(pairs).areaUnderCurve();
          case ERROR_RATE -> pairs -> RocCurve.of(pairs).equalErrorRate();
          default -> acceptRate(name);
        };
    return new GateFigure(name, of, name.equals(ERROR_RATE) ? -1 : 1);
  }

  private static ToDoubleFunction<PairScores> acceptRate(String name) {
    if (!name.startsWith(TAR)) {
      throw new IllegalArgumentException("unknown figure " + name);
    }
    double rate = Double.parseDouble(name.substring(TAR.length()));
    return pairs -> TarAtFar.measure(RocCurve.of(pairs), rate, TarAtFar.Rule.STRICT);
  }

  /** What the candidate gains over the champion, positive for the better, with its interval. */
  Bootstrap.Interval gain(
      PairScores candidate, PairScores champion, VerificationMetrics.Options options) {
    Bootstrap.Interval difference =
        name.equals(ACCURACY)
            ? Bootstrap.compare(
                    new boolean[][] {TenFoldAccuracy.measure(candidate).correct()},
                    new boolean[][] {TenFoldAccuracy.measure(champion).correct()},
                    options.confidence(),
                    options.rounds(),
                    options.seed())
                .difference()
            : PairedFigures.difference(
                candidate, champion, of, options.confidence(), options.rounds(), options.seed());
    return sign > 0
        ? difference
        : new Bootstrap.Interval(-difference.value(), -difference.high(), -difference.low());
  }
}
