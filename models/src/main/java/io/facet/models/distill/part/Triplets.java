package io.facet.models.distill.part;

import java.util.stream.IntStream;

/**
 * The triplets of a batch: an anchor, another sample of its identity, a sample of another identity.
 * Places are those of a flat {@code (B * B)} matrix of distances.
 *
 * @param anchorPositive place of the distance of anchor and positive, one a triplet
 * @param anchorNegative place of the distance of anchor and negative
 */
public record Triplets(int[] anchorPositive, int[] anchorNegative) {
  /** Which negatives an anchor and positive meet. */
  public enum Negatives {
    /** All of the batch. */
    ALL,
    /** The nearest to the anchor in the student; of equally near ones the first. */
    HARDEST
  }

  /**
   * The triplets of a batch, by anchor, then positive, then negative.
   *
   * @param distances of the student, {@code B * B}
   */
  public static Triplets of(long[] labels, float[] distances, Negatives negatives) {
    IntStream.Builder toPositives = IntStream.builder();
    IntStream.Builder toNegatives = IntStream.builder();
    int batch = labels.length;
    for (int anchor = 0; anchor < batch; anchor++) {
      int row = anchor * batch;
      int[] chosen = negatives(labels, distances, anchor, negatives);
      for (int positive = 0; positive < batch; positive++) {
        if (positive != anchor && labels[positive] == labels[anchor]) {
          for (int negative : chosen) {
            toPositives.add(row + positive);
            toNegatives.add(row + negative);
          }
        }
      }
    }
    return new Triplets(toPositives.build().toArray(), toNegatives.build().toArray());
  }

  private static int[] negatives(
      long[] labels, float[] distances, int anchor, Negatives negatives) {
    int row = anchor * labels.length;
    int[] others =
        IntStream.range(0, labels.length).filter(i -> labels[i] != labels[anchor]).toArray();
    if (negatives == Negatives.ALL || others.length == 0) {
      return others;
    }
    int nearest = others[0];
    for (int other : others) {
      if (distances[row + other] < distances[row + nearest]) {
        nearest = other;
      }
    }
    return new int[] {nearest};
  }

  /** How many. */
  public int count() {
    return anchorPositive.length;
  }
}
