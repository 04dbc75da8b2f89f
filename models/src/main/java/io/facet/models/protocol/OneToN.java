package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Identification of probes in a gallery by the scalar product of unit features.
 *
 * <p>A probe is mated if its identity is in the gallery. Equal scores rank by position in the
 * gallery, lowest first. The open-set threshold for a false positive rate is one of the non-mated
 * probes' best scores, sorted downwards: the one at index {@code max(floor(n * rate) - 1, 0)}.
 */
public final class OneToN {
  private OneToN() {}

  /**
   * Result of one gallery.
   *
   * @param mated place of each probe whose identity is in the gallery
   * @param places of each of these, how many gallery entries are ranked before its own
   * @param strangers number of the other probes
   * @param rankHits for each asked rank k, mated probes found among the best k
   * @param thresholds for each asked false positive rate, the score to exceed; empty if all probes
   *     are mated
   * @param positive for each asked rate and mated probe, whether its own entry beats all others and
   *     the threshold; empty as above
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      int[] mated,
      int[] places,
      int strangers,
      int[] rankHits,
      double[] thresholds,
      boolean[][] positive) {
    /** Probes whose identity is in the gallery. */
    public int matedProbes() {
      return mated.length;
    }

    /** For each asked false positive rate, how many mated probes are found. */
    public int[] truePositives() {
      return Arrays.stream(positive).mapToInt(Result::count).toArray();
    }

    private static int count(boolean[] verdicts) {
      int count = 0;
      for (boolean one : verdicts) {
        count += one ? 1 : 0;
      }
      return count;
    }

    /** Which mated probes are found among the best so many. */
    public boolean[] within(int rank) {
      boolean[] found = new boolean[places.length];
      for (int i = 0; i < found.length; i++) {
        found[i] = places[i] < rank;
      }
      return found;
    }

    /** Share of mated probes found, for each asked rank. */
    public double[] rankRates() {
      return shares(rankHits, matedProbes());
    }

    /** True positive identification rates over the mated probes. */
    public double[] truePositiveRates() {
      return shares(truePositives(), matedProbes());
    }
  }

  /**
   * Searches every probe in the gallery.
   *
   * @param gallery unit features (G, d)
   * @param galleryIds identity of each gallery entry
   * @param probes unit features (P, d)
   * @param probeIds identity of each probe
   * @param ranks asked ranks, each at least 1
   * @param falsePositiveRates asked rates, in 0..1
   * @throws DataException if no probe is mated, or an identity is twice in the gallery
   */
  public static Result search(
      float[][] gallery,
      long[] galleryIds,
      float[][] probes,
      long[] probeIds,
      int[] ranks,
      double[] falsePositiveRates) {
    Set<Long> known = distinct(galleryIds);
    List<Mated> mated = new ArrayList<>();
    double[] strangers = new double[probes.length];
    int others = 0;
    double[] scores = new double[gallery.length];
    for (int p = 0; p < probes.length; p++) {
      for (int g = 0; g < gallery.length; g++) {
        scores[g] = EmbeddingMath.quickDot(gallery[g], probes[p]);
      }
      if (known.contains(probeIds[p])) {
        mated.add(Mated.of(p, scores, galleryIds, probeIds[p]));
      } else {
        strangers[others++] = Arrays.stream(scores).max().orElseThrow();
      }
    }
    if (mated.isEmpty()) {
      throw new DataException("no probe's identity is in the gallery; nothing can be found");
    }
    int[] places = mated.stream().mapToInt(Mated::rank).toArray();
    int[] hits =
        Arrays.stream(ranks)
            .map(rank -> (int) Arrays.stream(places).filter(place -> place < rank).count())
            .toArray();
    double[] best = Arrays.copyOf(strangers, others);
    Arrays.sort(best);
    int asked = best.length == 0 ? 0 : falsePositiveRates.length;
    double[] thresholds = new double[asked];
    boolean[][] positive = new boolean[asked][mated.size()];
    for (int i = 0; i < asked; i++) {
      int index = Math.max((int) Math.floor(best.length * falsePositiveRates[i]) - 1, 0);
      thresholds[i] = best[best.length - 1 - index];
      for (int m = 0; m < places.length; m++) {
        Mated one = mated.get(m);
        positive[i][m] = one.own() > one.other() && one.own() > thresholds[i];
      }
    }
    return new Result(
        mated.stream().mapToInt(Mated::probe).toArray(),
        places,
        others,
        hits,
        thresholds,
        positive);
  }

  private static Set<Long> distinct(long[] galleryIds) {
    Set<Long> known = new HashSet<>();
    for (int g = 0; g < galleryIds.length; g++) {
      if (!known.add(galleryIds[g])) {
        throw new DataException(
            "gallery entry %d is identity %d once more; join its images into one template"
                .formatted(g, galleryIds[g]));
      }
    }
    return known;
  }

  /** Rates over several galleries searched by the same probes: summed hits over summed probes. */
  public static double[] rankRates(List<Result> galleries) {
    int mated = galleries.stream().mapToInt(Result::matedProbes).sum();
    int[] hits = new int[galleries.get(0).rankHits().length];
    for (Result gallery : galleries) {
      Arrays.setAll(hits, i -> hits[i] + gallery.rankHits()[i]);
    }
    return shares(hits, mated);
  }

  /** True positive identification rates averaged over several galleries. */
  public static double[] truePositiveRates(List<Result> galleries) {
    double[] mean = new double[galleries.get(0).positive().length];
    for (Result gallery : galleries) {
      double[] rates = gallery.truePositiveRates();
      Arrays.setAll(mean, i -> mean[i] + rates[i] / galleries.size());
    }
    return mean;
  }

  /**
   * Closed-set rank-1 rate: share of probes whose most alike gallery entry has their identity; the
   * first of equally alike ones counts.
   *
   * @throws DataException if gallery or probes are empty, or an identity is twice in the gallery
   */
  public static double rankOne(
      float[][] gallery, long[] galleryIds, float[][] probes, long[] probeIds) {
    if (gallery.length == 0 || probes.length == 0) {
      throw new DataException(
          "identification needs a gallery and probes, not %d and %d"
              .formatted(gallery.length, probes.length));
    }
    distinct(galleryIds);
    int hits = 0;
    for (int p = 0; p < probes.length; p++) {
      int best = 0;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int g = 0; g < gallery.length; g++) {
        double score = EmbeddingMath.cosine(gallery[g], probes[p]);
        if (score > bestScore) {
          bestScore = score;
          best = g;
        }
      }
      hits += galleryIds[best] == probeIds[p] ? 1 : 0;
    }
    return (double) hits / probes.length;
  }

  private static double[] shares(int[] counts, int total) {
    return Arrays.stream(counts).mapToDouble(c -> (double) c / total).toArray();
  }

  /**
   * A mated probe: its place, the score of its own entry, the best foreign score, entries ranked
   * before its own.
   */
  private record Mated(int probe, double own, double other, int rank) {
    static Mated of(int probe, double[] scores, long[] galleryIds, long id) {
      int own = -1;
      double other = Double.NEGATIVE_INFINITY;
      for (int g = 0; g < scores.length; g++) {
        if (galleryIds[g] == id) {
          own = g;
        } else {
          other = Math.max(other, scores[g]);
        }
      }
      int before = 0;
      for (int g = 0; g < scores.length; g++) {
        if (scores[g] > scores[own] || (scores[g] == scores[own] && g < own)) {
          before++;
        }
      }
      return new Mated(probe, scores[own], other, before);
    }
  }
}
