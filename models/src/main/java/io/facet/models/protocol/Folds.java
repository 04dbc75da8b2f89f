package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;

/** Division of a verification set into folds numbered 0..count-1. */
@SuppressWarnings("ArrayRecordComponent")
record Folds(int[] ofPair, int count) {

  /**
   * The set's own folds if it has at least two, else contiguous blocks whose sizes differ by at
   * most one, the first ones larger.
   *
   * @throws DataException if there are fewer pairs than folds
   */
  static Folds of(PairScores pairs, int wanted) {
    if (wanted < 2) {
      throw new IllegalArgumentException("at least two folds, not " + wanted);
    }
    int[] given = Arrays.stream(pairs.folds()).distinct().sorted().toArray();
    if (given.length >= 2) {
      int[] ofPair = Arrays.stream(pairs.folds()).map(f -> Arrays.binarySearch(given, f)).toArray();
      return new Folds(ofPair, given.length);
    }
    if (pairs.size() < wanted) {
      throw new DataException(
          "the verification set has %d pairs for %d folds; add pairs, or give each pair its fold"
              .formatted(pairs.size(), wanted));
    }
    return contiguous(pairs.size(), wanted);
  }

  private static Folds contiguous(int pairs, int count) {
    int[] ofPair = new int[pairs];
    int next = 0;
    for (int fold = 0; fold < count; fold++) {
      int size = pairs / count + (fold < pairs % count ? 1 : 0);
      Arrays.fill(ofPair, next, next + size, fold);
      next += size;
    }
    return new Folds(ofPair, count);
  }

  int[] sizes() {
    int[] sizes = new int[count];
    for (int fold : ofPair) {
      sizes[fold]++;
    }
    return sizes;
  }
}
