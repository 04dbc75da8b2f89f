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
   * @param matedProbes probes whose identity is in the gallery
   * @param rankHits for each asked rank k, mated probes found among the best k
   * @param thresholds for each asked false positive rate, the score to exceed; empty if all probes
   *     are mated
   * @param truePositives for each asked rate, mated probes whose own entry beats all others and the
   *     threshold; empty as above
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(int matedProbes, int[] rankHits, double[] thresholds, int[] truePositives) {
    /** Share of mated probes found, for each asked rank. */
    public double[] rankRates() {
      return shares(rankHits, matedProbes);
    }

    /** True positive identification rates over the mated probes. */
    public double[] truePositiveRates() {
      return shares(truePositives, matedProbes);
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
    List<Double> strangers = new ArrayList<>();
    for (int p = 0; p < probes.length; p++) {
      double[] scores = new double[gallery.length];
      for (int g = 0; g < gallery.length; g++) {
        scores[g] = EmbeddingMath.dot(gallery[g], probes[p]);
      }
      if (known.contains(probeIds[p])) {
        mated.add(Mated.of(scores, galleryIds, probeIds[p]));
      } else {
        strangers.add(Arrays.stream(scores).max().orElseThrow());
      }
    }
    if (mated.isEmpty()) {
      throw new DataException("no probe's identity is in the gallery; nothing can be found");
    }
    int[] hits =
        Arrays.stream(ranks)
            .map(rank -> (int) mated.stream().filter(m -> m.rank() < rank).count())
            .toArray();
    double[] best = strangers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int asked = best.length == 0 ? 0 : falsePositiveRates.length;
    double[] thresholds = new double[asked];
    int[] positives = new int[asked];
    for (int i = 0; i < asked; i++) {
      int index = Math.max((int) Math.floor(best.length * falsePositiveRates[i]) - 1, 0);
      double threshold = best[best.length - 1 - index];
      thresholds[i] = threshold;
      positives[i] =
          (int) mated.stream().filter(m -> m.own() > m.other() && m.own() > threshold).count();
    }
    return new Result(mated.size(), hits, thresholds, positives);
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
    double[] mean = new double[galleries.get(0).truePositives().length];
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
   * A mated probe: the score of its own entry, the best foreign score, entries ranked before its
   * own.
   */
  private record Mated(double own, double other, int rank) {
    static Mated of(double[] scores, long[] galleryIds, long id) {
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
      return new Mated(scores[own], other, before);
    }
  }
}
