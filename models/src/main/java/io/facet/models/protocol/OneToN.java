package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
    Searches searches = new Searches(distinct(galleryIds), probeIds);
    searches.search(gallery, probes);
    int[] mated = searches.mated();
    if (mated.length == 0) {
      throw new DataException("no probe's identity is in the gallery; nothing can be found");
    }
    int[] places = Arrays.stream(mated).map(p -> searches.before[p]).toArray();
    int[] hits =
        Arrays.stream(ranks)
            .map(rank -> (int) Arrays.stream(places).filter(place -> place < rank).count())
            .toArray();
    double[] best = searches.bestOfStrangers();
    Arrays.sort(best);
    int asked = best.length == 0 ? 0 : falsePositiveRates.length;
    double[] thresholds = new double[asked];
    boolean[][] positive = new boolean[asked][mated.length];
    for (int i = 0; i < asked; i++) {
      int index = Math.max((int) Math.floor(best.length * falsePositiveRates[i]) - 1, 0);
      thresholds[i] = best[best.length - 1 - index];
      for (int m = 0; m < places.length; m++) {
        double own = searches.own[mated[m]];
        positive[i][m] = own > searches.other[mated[m]] && own > thresholds[i];
      }
    }
    return new Result(mated, places, best.length, hits, thresholds, positive);
  }

  /** Place of each identity in the gallery. */
  private static Map<Long, Integer> distinct(long[] galleryIds) {
    Map<Long, Integer> known = new HashMap<>();
    for (int g = 0; g < galleryIds.length; g++) {
      if (known.putIfAbsent(galleryIds[g], g) != null) {
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

  /** What is known of each probe while the gallery is searched block by block. */
  private static final class Searches {
    private static final int NONE = -1;

    /** Gallery entry of each probe's identity. */
    private final int[] entry;

    /** Score of that entry. */
    private final double[] own;

    /** Best score of the other entries. */
    private final double[] other;

    /** How many of them rank before the probe's own. */
    private final int[] before;

    Searches(Map<Long, Integer> known, long[] probeIds) {
      entry = Arrays.stream(probeIds).mapToInt(id -> known.getOrDefault(id, NONE)).toArray();
      own = new double[probeIds.length];
      other = new double[probeIds.length];
      Arrays.fill(other, Double.NEGATIVE_INFINITY);
      before = new int[probeIds.length];
    }

    void search(float[][] gallery, float[][] probes) {
      for (int p = 0; p < probes.length; p++) {
        own[p] = entry[p] == NONE ? 0 : EmbeddingMath.quickDot(gallery[entry[p]], probes[p]);
      }
      for (int first = 0; first < gallery.length; first += GalleryBlock.ENTRIES) {
        GalleryBlock block = new GalleryBlock(gallery, first);
        for (int p = 0; p < probes.length; p += GalleryBlock.PROBES) {
          int count = Math.min(GalleryBlock.PROBES, probes.length - p);
          double[][] scores = block.scores(probes, p, count);
          for (int i = 0; i < count; i++) {
            add(p + i, scores[i], first);
          }
        }
      }
    }

    private void add(int probe, double[] scores, int first) {
      int mine = entry[probe] == NONE ? NONE : entry[probe] - first;
      double score = own[probe];
      double best = other[probe];
      int ahead = 0;
      for (int g = 0; g < scores.length; g++) {
        if (g != mine) {
          best = Math.max(best, scores[g]);
          ahead += scores[g] > score || (scores[g] == score && g < mine) ? 1 : 0;
        }
      }
      other[probe] = best;
      before[probe] += ahead;
    }

    int[] mated() {
      return IntStream.range(0, entry.length).filter(p -> entry[p] != NONE).toArray();
    }

    double[] bestOfStrangers() {
      return IntStream.range(0, entry.length)
          .filter(p -> entry[p] == NONE)
          .mapToDouble(p -> other[p])
          .toArray();
    }
  }
}
