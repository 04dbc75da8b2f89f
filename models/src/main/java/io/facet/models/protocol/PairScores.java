package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;

/**
 * The scored pairs of one verification set, column by column, in the set's order.
 *
 * @param scores cosine of the two embeddings, in -1..1; higher is more alike
 * @param same whether both images show one identity
 * @param folds the set's own fold of each pair, any numbers; empty if the set has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record PairScores(double[] scores, boolean[] same, int[] folds) {

  /**
   * Checks the columns.
   *
   * @throws DataException if a score is not a number
   */
  public PairScores {
    if (same.length != scores.length || (folds.length != 0 && folds.length != scores.length)) {
      throw new IllegalArgumentException(
          "columns of unequal length: %d scores, %d labels, %d folds"
              .formatted(scores.length, same.length, folds.length));
    }
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new DataException(
            "pair %d has the score %s; check the model's embeddings for non-finite values"
                .formatted(i, scores[i]));
      }
    }
  }

  /** Pairs without folds of their own. */
  public static PairScores of(double[] scores, boolean[] same) {
    return new PairScores(scores, same, new int[0]);
  }

  /** Pairs given as squared distances between unit vectors (0..4): cosine = 1 - distance / 2. */
  public static PairScores ofSquaredDistances(double[] distances, boolean[] same) {
    return of(Arrays.stream(distances).map(d -> 1 - d / 2).toArray(), same);
  }

  /** Number of pairs. */
  public int size() {
    return scores.length;
  }

  /** Number of pairs that show one identity. */
  public int sameCount() {
    int count = 0;
    for (boolean one : same) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** Squared distance between the unit vectors of each pair: 2 - 2 cosine, not below 0. */
  public double[] squaredDistances() {
    return Arrays.stream(scores).map(s -> Math.max(0, 2 - 2 * s)).toArray();
  }

  /**
   * Refuses sets with only one kind of pair, for which no rate is defined.
   *
   * @throws DataException if there is no pair, no same pair or no different pair
   */
  void requireBothKinds() {
    int count = sameCount();
    requireBothKinds(count, size() - count);
  }

  /** The same by numbers of pairs. */
  static void requireBothKinds(int same, int different) {
    if (same == 0 || different == 0) {
      throw new DataException(
          "the verification set has %d same and %d different pairs; it needs both kinds"
              .formatted(same, different));
    }
  }

  /** Pairs without folds that come one by one. */
  public static final class Builder {
    private double[] scores = new double[1024];
    private boolean[] same = new boolean[1024];
    private int count;

    /** The next pair. */
    public void add(double score, boolean onePerson) {
      if (count == scores.length) {
        int larger = count + (count >> 1);
        scores = Arrays.copyOf(scores, larger);
        same = Arrays.copyOf(same, larger);
      }
      scores[count] = score;
      same[count++] = onePerson;
    }

    /** All of them. */
    public PairScores build() {
      return of(Arrays.copyOf(scores, count), Arrays.copyOf(same, count));
    }
  }
}
