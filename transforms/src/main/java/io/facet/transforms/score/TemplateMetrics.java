package io.facet.transforms.score;

import io.facet.models.DataException;
import io.facet.models.protocol.Bootstrap;
import io.facet.models.protocol.OneToN;
import io.facet.models.protocol.Protocols;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TemplateFeatures;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns the scored pairs of templates of one model and set into rows of {@code metrics}: true
 * accept rates, area under the curve and equal error rate and, where the set has galleries, ranks
 * and true positive identification rates.
 *
 * <p>Intervals draw people anew, with the thresholds kept: those of true accept rates from the same
 * pairs, those of identification from the mated probes.
 */
public final class TemplateMetrics {
  private static final String PAIRS = "template-pairs";
  private static final String DIFFERENT_PAIRS = "different-template-pairs";
  private static final String STRANGERS = "non-mated-probes";

  private final VerificationMetrics.Subject subject;
  private final String set;
  private final TemplateOptions asked;
  private final VerificationMetrics.Options options;
  private final List<MetricRow> rows = new ArrayList<>();

  private TemplateMetrics(
      VerificationMetrics.Subject subject,
      String set,
      TemplateOptions asked,
      VerificationMetrics.Options options) {
    this.subject = subject;
    this.set = set;
    this.asked = asked;
    this.options = options;
  }

  /**
   * Measures one model on one set. A rate for which there are too few different pairs or non-mated
   * probes is left out, see {@link #absent}.
   *
   * @param blocks all of one model and one set, in any order
   * @param features of the templates
   * @param subjects of galleries and probes, in any order; none: pairs are measured only
   * @throws DataException if only one kind of pair is left
   */
  public static List<MetricRow> measure(
      VerificationMetrics.Subject subject,
      String set,
      List<TemplateScoresRow> blocks,
      TemplateFeatures features,
      List<TemplateSubjectRow> subjects,
      TemplateOptions asked,
      VerificationMetrics.Options options) {
    TemplateMetrics metrics = new TemplateMetrics(subject, set, asked, options);
    try {
      metrics.pairs(TemplateScores.of(blocks));
      metrics.add(Protocols.IJB_TEMPLATES, "templates", features.size());
      if (!subjects.isEmpty()) {
        metrics.identification(features, subjects);
      }
    } catch (DataException e) {
      throw new DataException(set + ": " + e.getMessage(), e);
    }
    return metrics.rows;
  }

  private void pairs(TemplateScores scores) {
    RocCurve curve = RocCurve.of(scores.scores(), scores.same());
    int different = scores.size() - scores.sameCount();
    add(Protocols.IJB_TEMPLATES, PAIRS, scores.size());
    add(Protocols.IJB_TEMPLATES, DIFFERENT_PAIRS, different);
    add(Protocols.ROC, "area-under-curve", curve.areaUnderCurve());
    add(Protocols.ROC, "equal-error-rate", curve.equalErrorRate());
    Resampling people = resampling(scores.people());
    for (double rate : asked.falseAcceptRates()) {
      if (different >= TarAtFar.pairsNeeded(rate)) {
        RocCurve.Point point = TarAtFar.point(curve, rate, asked.rule());
        Bootstrap.Interval interval =
            Bootstrap.accuracy(
                people,
                new boolean[][] {scores.accepted(point.threshold())},
                options.confidence(),
                options.rounds(),
                options.seed());
        add(
            asked.rule().protocol(),
            VerificationMetrics.acceptRate(rate),
            people.unit(),
            new Bootstrap.Interval(point.trueAcceptRate(), interval.low(), interval.high()));
      }
    }
  }

  /** Draws people, or single pairs or probes where there are too few people. */
  private Resampling resampling(long[] people) {
    boolean[] all = new boolean[people.length];
    Arrays.fill(all, true);
    return Resampling.of(options.bootstrap(), all, people, people);
  }

  private void identification(TemplateFeatures features, List<TemplateSubjectRow> subjects) {
    Map<String, Searched> lists = Searched.of(features, subjects);
    Searched probes = lists.remove("");
    List<OneToN.Result> galleries = new ArrayList<>();
    List<Resampling> people = new ArrayList<>();
    for (Searched gallery : lists.values()) {
      OneToN.Result result =
          OneToN.search(
              gallery.features(),
              gallery.subjects(),
              probes.features(),
              probes.subjects(),
              asked.ranks().stream().mapToInt(Integer::intValue).toArray(),
              asked.falsePositiveRates().stream().mapToDouble(Double::doubleValue).toArray());
      galleries.add(result);
      people.add(
          resampling(Arrays.stream(result.mated()).mapToLong(p -> probes.subjects()[p]).toArray()));
    }
    ResamplingUnit unit =
        people.stream().allMatch(one -> one.unit() == ResamplingUnit.IDENTITY)
            ? ResamplingUnit.IDENTITY
            : ResamplingUnit.PAIR;
    int mated = galleries.stream().mapToInt(OneToN.Result::matedProbes).sum();
    add(Protocols.ONE_TO_N, "probes", probes.subjects().length);
    add(Protocols.ONE_TO_N, "mated-probes", mated);
    int strangers = galleries.stream().mapToInt(OneToN.Result::strangers).min().orElseThrow();
    add(Protocols.ONE_TO_N, STRANGERS, strangers);
    double[] byProbe =
        galleries.stream().mapToDouble(g -> (double) g.matedProbes() / mated).toArray();
    double[] rates = OneToN.rankRates(galleries);
    for (int k = 0; k < rates.length; k++) {
      int rank = asked.ranks().get(k);
      List<boolean[]> found = galleries.stream().map(g -> g.within(rank)).toList();
      add(Protocols.ONE_TO_N, "rank-" + rank, unit, interval(rates[k], people, found, byProbe));
    }
    double[] byGallery = new double[galleries.size()];
    Arrays.fill(byGallery, 1.0 / galleries.size());
    for (int i = 0; i < asked.falsePositiveRates().size(); i++) {
      double rate = asked.falsePositiveRates().get(i);
      if (strangers >= TarAtFar.pairsNeeded(rate)) {
        int place = i;
        List<boolean[]> found = galleries.stream().map(g -> g.positive()[place]).toList();
        double value = OneToN.truePositiveRates(galleries)[place];
        add(
            Protocols.ONE_TO_N,
            positiveRate(rate),
            unit,
            interval(value, people, found, byGallery));
      }
    }
  }

  private Bootstrap.Interval interval(
      double value, List<Resampling> people, List<boolean[]> found, double[] weights) {
    Bootstrap.Interval drawn =
        Bootstrap.weightedShares(
            people, found, weights, options.confidence(), options.rounds(), options.seed());
    return new Bootstrap.Interval(value, drawn.low(), drawn.high());
  }

  /** The templates of a gallery, or the probes, that have a feature, in the order of their list. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Searched(float[][] features, long[] subjects) {
    static Map<String, Searched> of(TemplateFeatures features, List<TemplateSubjectRow> rows) {
      Map<String, TreeMap<Integer, TemplateSubjectRow>> lists = new TreeMap<>();
      for (TemplateSubjectRow row : rows) {
        if (features.has(row.template())) {
          lists.computeIfAbsent(row.gallery(), name -> new TreeMap<>()).put(row.position(), row);
        }
      }
      for (TemplateSubjectRow row : rows) {
        if (!lists.containsKey(row.gallery())) {
          throw new DataException(
              "%s: none of its templates has a face"
                  .formatted(row.gallery().isEmpty() ? "probes" : "gallery " + row.gallery()));
        }
      }
      Map<String, Searched> searched = new TreeMap<>();
      lists.forEach(
          (name, list) ->
              searched.put(
                  name,
                  new Searched(
                      list.values().stream()
                          .map(row -> features.of(row.template()))
                          .toArray(float[][]::new),
                      list.values().stream().mapToLong(TemplateSubjectRow::subject).toArray())));
      return searched;
    }
  }

  private static String positiveRate(double rate) {
    return String.format(Locale.ROOT, "tpir-at-fpir-%.0e", rate);
  }

  private void add(String figure, String name, double value) {
    rows.add(
        row(
            Protocols.name(protocol(figure), subject.flipFusion()),
            name,
            value,
            Double.NaN,
            Double.NaN));
  }

  private void add(String figure, String name, ResamplingUnit unit, Bootstrap.Interval interval) {
    rows.add(
        row(
            Protocols.name(protocol(figure), subject.flipFusion(), unit),
            name,
            interval.value(),
            interval.low(),
            interval.high()));
  }

  private String protocol(String figure) {
    return Protocols.ofTemplates(figure, asked.features());
  }

  private MetricRow row(String protocol, String name, double value, double low, double high) {
    return subject.figure(set, protocol, name, value, low, high);
  }

  /**
   * The rates that {@link #measure} left out, with the reason.
   *
   * @param rows of any models and sets
   * @return by {@code SET/FIGURE}
   */
  public static Map<String, String> absent(List<MetricRow> rows, TemplateOptions asked) {
    Map<String, String> absent = new TreeMap<>();
    for (MetricRow row : rows) {
      if (row.name().equals(DIFFERENT_PAIRS)) {
        for (double rate : asked.falseAcceptRates()) {
          if (row.value() < TarAtFar.pairsNeeded(rate)) {
            absent.put(
                row.set() + "/" + VerificationMetrics.acceptRate(rate),
                VerificationMetrics.need(rate, (long) row.value()));
          }
        }
      } else if (row.name().equals(STRANGERS)) {
        for (double rate : asked.falsePositiveRates()) {
          if (row.value() < TarAtFar.pairsNeeded(rate)) {
            absent.put(
                row.set() + "/" + positiveRate(rate),
                "needs %d non-mated probes, the set has %d"
                    .formatted(TarAtFar.pairsNeeded(rate), (long) row.value()));
          }
        }
      }
    }
    return absent;
  }
}
