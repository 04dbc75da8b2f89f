package io.facet.transforms.score;

import io.facet.models.DataException;
import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.row.MetricRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns the scored pairs of one model on one verification set into rows of {@code metrics}. */
public final class VerificationMetrics {
  private static final String DIFFERENT_PAIRS = "different-pairs";
  private static final String ACCEPT_RATE = "tar-at-far-";

  private VerificationMetrics() {}

  /**
   * The model that was measured.
   *
   * @param model name in the run
   * @param role {@code teacher}, {@code student} or {@code champion}
   * @param method distillation method, empty for teachers
   * @param seed of its training, 0 if it had none
   * @param flipFusion whether its embeddings are sums of an image's and its mirror image's
   */
  public record Subject(String model, String role, String method, long seed, boolean flipFusion)
      implements Serializable {
    /** A figure of this model that belongs to no verification set and has no interval. */
    public MetricRow figure(String name, double value) {
      return new MetricRow(model, role, method, seed, "", "", name, value, Double.NaN, Double.NaN);
    }

    /** A figure of this model on a verification set; without an interval its ends are NaN. */
    MetricRow figure(
        String set, String protocol, String name, double value, double low, double high) {
      return new MetricRow(model, role, method, seed, set, protocol, name, value, low, high);
    }

    /** The same model with another use of mirror images. */
    public Subject with(boolean fusion) {
      return new Subject(model, role, method, seed, fusion);
    }
  }

  /**
   * How intervals are drawn and which rates are read.
   *
   * @param confidence of the intervals, in (0, 1)
   * @param rounds of the bootstrap
   * @param seed of the bootstrap
   * @param falseAcceptRates where true accept rates are read, each in (0, 1)
   * @param bootstrap what is drawn; pairs where identities are not known
   */
  public record Options(
      double confidence,
      int rounds,
      long seed,
      List<Double> falseAcceptRates,
      ResamplingUnit bootstrap)
      implements Serializable {}

  /**
   * What the pairs say before intervals are drawn.
   *
   * @param accuracy with its verdicts
   * @param rates area under the curve, equal error rate and true accept rates by name
   * @param outcomes which pairs were judged rightly
   */
  public record Judged(
      TenFoldAccuracy.Result accuracy, Map<String, Double> rates, Outcomes outcomes) {}

  /**
   * Judges the pairs of a set; intervals need no more of them than this, so that scores and faces
   * can be forgotten.
   *
   * @throws DataException if only one kind of pair is left, or fewer pairs than folds
   */
  public static Judged judge(String set, ScoredPairs scored, Options options) {
    try {
      PairScores pairs = scored.pairs();
      TenFoldAccuracy.Result accuracy = TenFoldAccuracy.measure(pairs);
      return new Judged(accuracy, rates(pairs, options), Outcomes.of(scored, accuracy.correct()));
    } catch (DataException e) {
      throw new DataException(set + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Double> rates(PairScores pairs, Options options) {
    RocCurve curve = RocCurve.of(pairs);
    Map<String, Double> rates = new LinkedHashMap<>();
    rates.put("area-under-curve", curve.areaUnderCurve());
    rates.put("equal-error-rate", curve.equalErrorRate());
    int different = pairs.size() - pairs.sameCount();
    for (double rate : options.falseAcceptRates()) {
      if (different >= TarAtFar.pairsNeeded(rate)) {
        rates.put(acceptRate(rate), TarAtFar.measure(curve, rate, TarAtFar.Rule.STRICT));
      }
    }
    return rates;
  }

  /**
   * Accuracy with its interval and deviation over folds, area under the curve, equal error rate,
   * true accept rates, numbers of pairs and, where they are known, people. A true accept rate for
   * which there are too few different pairs ({@link TarAtFar#pairsNeeded}) is left out.
   *
   * @param judged of one model and one set
   */
  public static List<MetricRow> measure(
      Subject subject, String set, Judged judged, Options options) {
    Outcomes outcomes = judged.outcomes();
    Resampling resampling = outcomes.resampling(options.bootstrap());
    TenFoldAccuracy.Result accuracy = judged.accuracy();
    Bootstrap.Interval interval =
        Bootstrap.accuracy(
            resampling,
            new boolean[][] {accuracy.correct()},
            options.confidence(),
            options.rounds(),
            options.seed());
    Figures figures = new Figures(subject, set, new ArrayList<>());
    figures.rows.add(
        figures.row(
            Protocols.name(Protocols.TEN_FOLD_ACCURACY, subject.flipFusion(), resampling.unit()),
            "accuracy",
            accuracy.mean(),
            interval.low(),
            interval.high()));
    figures.add(Protocols.TEN_FOLD_ACCURACY, "accuracy-deviation", accuracy.deviation());
    figures.add(Protocols.TEN_FOLD_ACCURACY, "pairs", resampling.size());
    figures.add(Protocols.TEN_FOLD_ACCURACY, DIFFERENT_PAIRS, outcomes.differentPairs());
    if (resampling.unit() == ResamplingUnit.IDENTITY) {
      figures.add(Protocols.TEN_FOLD_ACCURACY, "identities", resampling.identities());
    }
    judged
        .rates()
        .forEach(
            (name, value) ->
                figures.add(
                    name.startsWith(ACCEPT_RATE) ? Protocols.TAR_STRICT : Protocols.ROC,
                    name,
                    value));
    return figures.rows();
  }

  static String acceptRate(double rate) {
    return String.format(Locale.ROOT, ACCEPT_RATE + "%.0e", rate);
  }

  /**
   * The true accept rates that {@link #measure} left out, with the reason.
   *
   * @param rows of any models and sets
   * @param rates that were asked for
   * @return by {@code SET/FIGURE}
   */
  public static Map<String, String> absent(List<MetricRow> rows, List<Double> rates) {
    Map<String, String> absent = new TreeMap<>();
    for (MetricRow row : rows) {
      if (row.name().equals(DIFFERENT_PAIRS)) {
        for (double rate : rates) {
          if (row.value() < TarAtFar.pairsNeeded(rate)) {
            absent.put(row.set() + "/" + acceptRate(rate), need(rate, (long) row.value()));
          }
        }
      }
    }
    return absent;
  }

  /** {@code needs 1000 different pairs, the set has 300}. */
  public static String need(double rate, long differentPairs) {
    return "needs %d different pairs, the set has %d"
        .formatted(TarAtFar.pairsNeeded(rate), differentPairs);
  }

  private record Figures(Subject subject, String set, List<MetricRow> rows) {
    void add(String protocol, String name, double value) {
      rows.add(
          row(Protocols.name(protocol, subject.flipFusion()), name, value, Double.NaN, Double.NaN));
    }

    MetricRow row(String protocol, String name, double value, double low, double high) {
      return subject.figure(set, protocol, name, value, low, high);
    }
  }
}
