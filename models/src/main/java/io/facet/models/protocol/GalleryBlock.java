package io.facet.models.protocol;

import java.util.Arrays;

/**
 * Scores of many probes and a block of a gallery as a product of matrices. The block is kept value
 * by value, so that a processor computes the scores of several entries at once; each is summed in
 * the order of {@link EmbeddingMath#quickDot} and has its bits. Not safe for several threads.
 */
final class GalleryBlock {
  /**
   * Gallery entries of a block: four of its lines, and the sums of one probe, fit a small cache.
   */
  static final int ENTRIES = 512;

  /** Probes computed together, so that the block is read once for all of them. */
  static final int PROBES = 32;

  /** Sums that {@link EmbeddingMath#quickDot} keeps apart. */
  private static final int SUMS = 4;

  private final int entries;

  /** {@code [d][entries]}. */
  private final double[][] lines;

  private final double[][][] sums = new double[SUMS][PROBES][];

  /**
   * Takes up to {@link #ENTRIES} entries.
   *
   * @param gallery features (G, d)
   * @param first of the block's entries
   */
  GalleryBlock(float[][] gallery, int first) {
    entries = Math.min(ENTRIES, gallery.length - first);
    lines = new double[gallery[first].length][entries];
    for (int g = 0; g < entries; g++) {
      float[] feature = gallery[first + g];
      for (int k = 0; k < lines.length; k++) {
        lines[k][g] = feature[k];
      }
    }
    for (double[][] sum : sums) {
      Arrays.setAll(sum, p -> new double[entries]);
    }
  }

  /** How many gallery entries it has. */
  int entries() {
    return entries;
  }

  /**
   * Scores of some probes.
   *
   * @param probes features (P, d)
   * @param first of the probes
   * @param count at most {@link #PROBES}
   * @return {@code [count or more][entries]}, written anew by the next call
   */
  double[][] scores(float[][] probes, int first, int count) {
    int whole = lines.length - lines.length % SUMS;
    for (int s = 0; s < SUMS; s++) {
      for (int p = 0; p < count; p++) {
        Arrays.fill(sums[s][p], 0);
      }
      int k = s;
      for (; k + 3 * SUMS < whole; k += 4 * SUMS) {
        for (int p = 0; p < count; p++) {
          addFour(sums[s][p], k, probes[first + p]);
        }
      }
      for (; k < whole; k += SUMS) {
        for (int p = 0; p < count; p++) {
          addOne(sums[s][p], lines[k], probes[first + p][k]);
        }
      }
    }
    for (int p = 0; p < count; p++) {
      for (int k = whole; k < lines.length; k++) {
        addOne(sums[0][p], lines[k], probes[first + p][k]);
      }
      join(sums[0][p], sums[1][p], sums[2][p], sums[3][p]);
    }
    return sums[0];
  }

  private void addFour(double[] sum, int k, float[] probe) {
    addFour(
        sum,
        lines[k],
        lines[k + SUMS],
        lines[k + 2 * SUMS],
        lines[k + 3 * SUMS],
        probe[k],
        probe[k + SUMS],
        probe[k + 2 * SUMS],
        probe[k + 3 * SUMS]);
  }

  // Plain loops over one array after the other, which the compiler turns into vector instructions.

  private static void addFour(
      double[] sum,
      double[] one,
      double[] two,
      double[] three,
      double[] four,
      double first,
      double second,
      double third,
      double fourth) {
    for (int g = 0; g < sum.length; g++) {
      sum[g] = sum[g] + first * one[g] + second * two[g] + third * three[g] + fourth * four[g];
    }
  }

  private static void addOne(double[] sum, double[] line, double factor) {
    for (int g = 0; g < sum.length; g++) {
      sum[g] += factor * line[g];
    }
  }

  private static void join(double[] first, double[] second, double[] third, double[] fourth) {
    for (int g = 0; g < first.length; g++) {
      first[g] = first[g] + second[g] + (third[g] + fourth[g]);
    }
  }
}
