package io.facet.pipelines.pairs;

import io.facet.models.RecipeException;
import io.facet.models.protocol.TarAtFar;
import io.facet.pipelines.report.Bins;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One model's scores on one verification set, to four decimals, in memory that does not grow with
 * the number of pairs: counts of same and different pairs, and the pairs that are furthest on the
 * wrong side. Counts of accepted pairs are exact at every threshold of four decimals.
 */
public final class ScoredSet {
  private static final int BINS_OF_ONE = 10_000;
  private static final int BINS = 2 * BINS_OF_ONE;

  private final String name;
  private final int kept;
  private final Bins same = new Bins(-1, 1, BINS, false);
  private final Bins different = new Bins(-1, 1, BINS, false);

  /** The least bad is at the head. */
  private final PriorityQueue<ScoreRow> alikeDifferent =
      new PriorityQueue<>(worstAcceptFirst().reversed());

  private final PriorityQueue<ScoreRow> unlikeSame =
      new PriorityQueue<>(worstRejectFirst().reversed());

  /**
   * Empty.
   *
   * @param kept so many pairs of each kind are remembered
   */
  ScoredSet(String name, int kept) {
    this.name = name;
    this.kept = kept;
  }

  /**
   * Goes through rows of several sets once.
   *
   * @param kept so many of the worst pairs of each kind and set are remembered
   */
  public static SortedMap<String, ScoredSet> bySet(Iterable<ScoreRow> rows, int kept) {
    SortedMap<String, ScoredSet> sets = new TreeMap<>();
    for (ScoreRow row : rows) {
      sets.computeIfAbsent(row.set(), set -> new ScoredSet(set, kept)).add(row);
    }
    return sets;
  }

  private static Comparator<ScoreRow> worstAcceptFirst() {
    return Comparator.comparingDouble((ScoreRow row) -> -row.score())
        .thenComparingInt(ScoreRow::position);
  }

  private static Comparator<ScoreRow> worstRejectFirst() {
    return Comparator.comparingDouble(ScoreRow::score).thenComparingInt(ScoreRow::position);
  }

  void add(ScoreRow row) {
    (row.same() ? same : different).add(row.score());
    PriorityQueue<ScoreRow> worst = row.same() ? unlikeSame : alikeDifferent;
    worst.add(row);
    if (worst.size() > kept) {
      worst.remove();
    }
  }

  /** Name of the verification set. */
  public String name() {
    return name;
  }

  /** Scores of pairs of one person. */
  public Bins same() {
    return same;
  }

  /** Scores of pairs of two people. */
  public Bins different() {
    return different;
  }

  /** Whether it has pairs of both kinds, without which there are no rates. */
  public boolean hasBothKinds() {
    return same.total() > 0 && different.total() > 0;
  }

  /** Where false accepts first are as frequent as false rejects, from above. */
  public Threshold atEqualError() {
    long accepted = 0;
    long wrongly = 0;
    for (int bin = BINS - 1; ; bin--) {
      accepted += same.count(bin);
      wrongly += different.count(bin);
      long missed = (same.total() - accepted) * different.total();
      if (missed <= wrongly * same.total() || bin == 0) {
        return threshold(bin, "at the equal error rate");
      }
    }
  }

  /**
   * The lowest at which no more than a share of different pairs is accepted.
   *
   * @param rate in (0, 1)
   * @throws RecipeException if the set has too few different pairs for it
   */
  public Threshold atFalseAcceptRate(double rate) {
    if (different.total() < TarAtFar.pairsNeeded(rate)) {
      throw new RecipeException(
          "--far: %s on %s; ask for a higher rate, or give --threshold"
              .formatted(VerificationMetrics.need(rate, different.total()), name));
    }
    int bin = BINS;
    long wrongly = 0;
    while (bin > 0 && wrongly + different.count(bin - 1) <= rate * different.total()) {
      wrongly += different.count(--bin);
    }
    return threshold(bin, "at a false accept rate of " + rate);
  }

  /**
   * A threshold of somebody's choice.
   *
   * @param cosine in -1..1, of at most four decimals
   */
  public Threshold at(double cosine) {
    return threshold((int) Math.rint((cosine + 1) * BINS_OF_ONE), "as asked for");
  }

  private Threshold threshold(int bin, String rule) {
    long rejected = same.total() - same.from(bin);
    return new Threshold(bin, edge(bin), rule, different.from(bin), rejected);
  }

  private static double edge(int bin) {
    return (double) (bin - BINS_OF_ONE) / BINS_OF_ONE;
  }

  /** The remembered different pairs that a threshold accepts, worst first. */
  public List<ScoreRow> falseAccepts(Threshold threshold) {
    List<ScoreRow> rows = new ArrayList<>(alikeDifferent);
    rows.removeIf(row -> different.index(row.score()) < threshold.bin());
    rows.sort(worstAcceptFirst());
    return Collections.unmodifiableList(rows);
  }

  /** The remembered same pairs that a threshold rejects, worst first. */
  public List<ScoreRow> falseRejects(Threshold threshold) {
    List<ScoreRow> rows = new ArrayList<>(unlikeSame);
    rows.removeIf(row -> same.index(row.score()) >= threshold.bin());
    rows.sort(worstRejectFirst());
    return Collections.unmodifiableList(rows);
  }

  /**
   * A curve of rates.
   *
   * @param falseAccepts share of different pairs accepted, rising
   * @param trueAccepts share of same pairs accepted, rising
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Rates(double[] falseAccepts, double[] trueAccepts) {}

  /** The rates at thresholds where one of them changes by enough to be seen. */
  public Rates rates() {
    List<double[]> points = new ArrayList<>();
    long accepted = 0;
    long wrongly = 0;
    double[] last = {0, 0};
    points.add(last);
    for (int bin = BINS - 1; bin >= 0; bin--) {
      accepted += same.count(bin);
      wrongly += different.count(bin);
      double[] here = {(double) wrongly / different.total(), (double) accepted / same.total()};
      if (bin == 0 || differs(last, here)) {
        points.add(here);
        last = here;
      }
    }
    return new Rates(
        points.stream().mapToDouble(point -> point[0]).toArray(),
        points.stream().mapToDouble(point -> point[1]).toArray());
  }

  /** By three hundredths of a power of ten, or by a five-hundredth of the whole. */
  private static boolean differs(double[] last, double[] here) {
    boolean accepts = last[0] == 0 ? here[0] > 0 : here[0] > 1.07 * last[0];
    double missed = 1 - here[1];
    return accepts
        || here[1] - last[1] > 0.002
        || (here[1] > last[1] && missed > 0 && 1 - last[1] > 1.07 * missed);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: %d same, %d different pairs", name, same.total(), different.total());
  }
}
