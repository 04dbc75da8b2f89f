package io.facet.transforms.score;

import io.facet.models.DataException;
import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.EvenFolds;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns the scored pairs of one model on one verification set into rows of {@code metrics}. */
public final class VerificationMetrics {
  private static final String DIFFERENT_PAIRS = "different-pairs";

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
   * The set's pairs in their order, as the protocols want them; without folds {@link EvenFolds}.
   */
  public static PairScores pairs(List<ScoreRow> scores) {
    List<ScoreRow> ordered = ordered(scores);
    boolean[] same = same(ordered);
    int[] folds = ordered.stream().mapToInt(ScoreRow::fold).toArray();
    boolean own =
        Arrays.stream(folds).distinct().count() > 1 || folds.length < TenFoldAccuracy.FOLDS;
    return new PairScores(
        ordered.stream().mapToDouble(ScoreRow::score).toArray(),
        same,
        own ? folds : EvenFolds.of(same));
  }

  static List<ScoreRow> ordered(List<ScoreRow> scores) {
    List<ScoreRow> ordered = new ArrayList<>(scores);
    ordered.sort(Comparator.comparingInt(ScoreRow::position));
    return ordered;
  }

  static boolean[] same(List<ScoreRow> ordered) {
    boolean[] same = new boolean[ordered.size()];
    for (int i = 0; i < same.length; i++) {
      same[i] = ordered.get(i).same();
    }
    return same;
  }

  /**
   * How the pairs of a set, in the order of {@link #pairs}, are drawn.
   *
   * @param identities numbers of people by image id
   * @param unit what is drawn; pairs if the identity of any image is not known, or there are fewer
   *     people than {@link Resampling#FEWEST_IDENTITIES}
   */
  public static Resampling resampling(
      List<ScoreRow> scores, Map<String, Long> identities, ResamplingUnit unit) {
    List<ScoreRow> ordered = ordered(scores);
    People people = People.of(ordered, identities);
    return Resampling.of(unit, same(ordered), people.left(), people.right());
  }

  /**
   * Who is on the pairs; empty if the identity of any image is not known.
   *
   * @param left number of the person on each first image
   * @param right number of the person on each second image
   */
  @SuppressWarnings("ArrayRecordComponent")
  record People(long[] left, long[] right) {
    static People of(List<ScoreRow> ordered, Map<String, Long> identities) {
      boolean known =
          ordered.stream()
              .allMatch(
                  row ->
                      identities.containsKey(row.leftImageId())
                          && identities.containsKey(row.rightImageId()));
      return known
          ? new People(
              ordered.stream().mapToLong(row -> identities.get(row.leftImageId())).toArray(),
              ordered.stream().mapToLong(row -> identities.get(row.rightImageId())).toArray())
          : new People(new long[0], new long[0]);
    }
  }

  /**
   * Accuracy with its interval and deviation over folds, area under the curve, equal error rate,
   * true accept rates, numbers of pairs and, where they are known, people. A true accept rate for
   * which there are too few different pairs ({@link TarAtFar#pairsNeeded}) is left out.
   *
   * @param scores all of one model and one set, in any order
   * @param identities as in {@link #resampling}
   * @throws DataException if only one kind of pair is left, or fewer pairs than folds
   */
  public static List<MetricRow> measure(
      Subject subject,
      String set,
      List<ScoreRow> scores,
      Map<String, Long> identities,
      Options options) {
    try {
      return measured(subject, set, scores, identities, options);
    } catch (DataException e) {
      throw new DataException(set + ": " + e.getMessage(), e);
    }
  }

  private static List<MetricRow> measured(
      Subject subject,
      String set,
      List<ScoreRow> scores,
      Map<String, Long> identities,
      Options options) {
    PairScores pairs = pairs(scores);
    Resampling resampling = resampling(scores, identities, options.bootstrap());
    TenFoldAccuracy.Result accuracy = TenFoldAccuracy.measure(pairs);
    Bootstrap.Interval interval =
        Bootstrap.accuracy(
            resampling,
            new boolean[][] {accuracy.correct()},
            options.confidence(),
            options.rounds(),
            options.seed());
    RocCurve curve = RocCurve.of(pairs);
    int different = pairs.size() - pairs.sameCount();
    Figures figures = new Figures(subject, set, new ArrayList<>());
    figures.rows.add(
        figures.row(
            Protocols.name(Protocols.TEN_FOLD_ACCURACY, subject.flipFusion(), resampling.unit()),
            "accuracy",
            accuracy.mean(),
            interval.low(),
            interval.high()));
    figures.add(Protocols.TEN_FOLD_ACCURACY, "accuracy-deviation", accuracy.deviation());
    figures.add(Protocols.TEN_FOLD_ACCURACY, "pairs", pairs.size());
    figures.add(Protocols.TEN_FOLD_ACCURACY, DIFFERENT_PAIRS, different);
    if (resampling.unit() == ResamplingUnit.IDENTITY) {
      figures.add(Protocols.TEN_FOLD_ACCURACY, "identities", resampling.identities());
    }
    figures.add(Protocols.ROC, "area-under-curve", curve.areaUnderCurve());
    figures.add(Protocols.ROC, "equal-error-rate", curve.equalErrorRate());
    for (double rate : options.falseAcceptRates()) {
      if (different >= TarAtFar.pairsNeeded(rate)) {
        figures.add(
            Protocols.TAR_STRICT,
            acceptRate(rate),
            TarAtFar.measure(curve, rate, TarAtFar.Rule.STRICT));
      }
    }
    return figures.rows();
  }

  static String acceptRate(double rate) {
    return String.format(Locale.ROOT, "tar-at-far-%.0e", rate);
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
