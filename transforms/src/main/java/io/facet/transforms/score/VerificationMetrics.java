package io.facet.transforms.score;

import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Turns the scored pairs of one model on one verification set into rows of {@code metrics}. */
public final class VerificationMetrics {
  private VerificationMetrics() {}

  /**
   * The model that was measured.
   *
   * @param model name in the run
   * @param role {@code teacher}, {@code student} or {@code champion}
   * @param method distillation method, empty for teachers
   * @param seed of its training, 0 if it had none
   */
  public record Subject(String model, String role, String method, long seed)
      implements Serializable {
    /** A figure of this model that belongs to no verification set and has no interval. */
    public MetricRow figure(String name, double value) {
      return new MetricRow(model, role, method, seed, "", "", name, value, Double.NaN, Double.NaN);
    }
  }

  /**
   * How intervals are drawn and which rates are read.
   *
   * @param confidence of the intervals, in (0, 1)
   * @param rounds of the bootstrap over pairs
   * @param seed of the bootstrap
   * @param falseAcceptRates where true accept rates are read, each in (0, 1)
   */
  public record Options(double confidence, int rounds, long seed, List<Double> falseAcceptRates)
      implements Serializable {}

  /** The set's pairs in their order, as the protocols want them. */
  public static PairScores pairs(List<ScoreRow> scores) {
    List<ScoreRow> ordered = new ArrayList<>(scores);
    ordered.sort(Comparator.comparingInt(ScoreRow::position));
    boolean[] same = new boolean[ordered.size()];
    for (int i = 0; i < same.length; i++) {
      same[i] = ordered.get(i).same();
    }
    return new PairScores(
        ordered.stream().mapToDouble(ScoreRow::score).toArray(),
        same,
        ordered.stream().mapToInt(ScoreRow::fold).toArray());
  }

  /**
   * Accuracy with its interval (bootstrap over pairs) and deviation over folds, area under the
   * curve, equal error rate, true accept rates, number of pairs.
   *
   * @param scores all of one model and one set, in any order
   * @throws io.facet.models.DataException if only one kind of pair is left
   */
  public static List<MetricRow> measure(
      Subject subject, String set, List<ScoreRow> scores, Options options) {
    PairScores pairs = pairs(scores);
    TenFoldAccuracy.Result accuracy = TenFoldAccuracy.measure(pairs);
    Bootstrap.Interval interval =
        Bootstrap.accuracy(
            accuracy.correct(), options.confidence(), options.rounds(), options.seed());
    RocCurve curve = RocCurve.of(pairs);
    Figures figures = new Figures(subject, set, new ArrayList<>());
    figures.add(
        Protocols.TEN_FOLD_ACCURACY, "accuracy", accuracy.mean(), interval.low(), interval.high());
    figures.add(Protocols.TEN_FOLD_ACCURACY, "accuracy-deviation", accuracy.deviation());
    figures.add(Protocols.TEN_FOLD_ACCURACY, "pairs", pairs.size());
    figures.add(Protocols.ROC, "area-under-curve", curve.areaUnderCurve());
    figures.add(Protocols.ROC, "equal-error-rate", curve.equalErrorRate());
    for (double rate : options.falseAcceptRates()) {
      figures.add(
          Protocols.TAR_STRICT,
          String.format(Locale.ROOT, "tar-at-far-%.0e", rate),
          TarAtFar.measure(curve, rate, TarAtFar.Rule.STRICT));
    }
    return figures.rows();
  }

  private record Figures(Subject subject, String set, List<MetricRow> rows) {
    void add(String protocol, String name, double value) {
      add(protocol, name, value, Double.NaN, Double.NaN);
    }

    void add(String protocol, String name, double value, double low, double high) {
      rows.add(
          new MetricRow(
              subject.model(),
              subject.role(),
              subject.method(),
              subject.seed(),
              set,
              protocol,
              name,
              value,
              low,
              high));
    }
  }
}
