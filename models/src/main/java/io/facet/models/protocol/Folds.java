package io.facet.models.protocol;

import io.facet.models.DataException;
import java.util.Arrays;

/** Division of a verification set into folds numbered 0..count-1. */
@SuppressWarnings("ArrayRecordComponent")
record Folds(int[] ofPair, int count) {

  /**
   * The set's own folds if it has at least two, else contiguous blocks whose sizes differ by at
   * most one, the first ones larger; never more folds than pairs.
   */
  static Folds of(PairScores pairs, int wanted) {
    if (wanted < 2) {
      throw new IllegalArgumentException("at least two folds, not " + wanted);
    }
    if (pairs.size() < 2) {
      throw new DataException("a verification set needs at least two pairs, not " + pairs.size());
    }
    int[] given = Arrays.stream(pairs.folds()).distinct().sorted().toArray();
    if (given.length >= 2) {
      int[] ofPair = Arrays.stream(pairs.folds()).map(f -> Arrays.binarySearch(given, f)).toArray();
      return new Folds(ofPair, given.length);
    }
    return contiguous(pairs.size(), Math.min(wanted, pairs.size()));
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
