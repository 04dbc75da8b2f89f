package io.facet.models.protocol;

/**
 * Ten folds for a list that has none: each holds the same share of both kinds of pairs, in the
 * list's order. Lists often give all pairs of one kind first; contiguous folds would then be judged
 * by thresholds that saw the other kind only. A list whose own folds are balanced and stand one
 * after the other, as those of LFW do, gets its own folds.
 */
public final class EvenFolds {
  private EvenFolds() {}

  /**
   * The fold of each pair.
   *
   * @param same of each pair, in the list's order
   * @return in 0..{@link TenFoldAccuracy#FOLDS} - 1
   */
  public static int[] of(boolean[] same) {
    int sames = 0;
    for (boolean one : same) {
      sames += one ? 1 : 0;
    }
    int[] folds = new int[same.length];
    long sameRank = 0;
    long differentRank = 0;
    for (int i = 0; i < folds.length; i++) {
      long rank = same[i] ? sameRank++ : differentRank++;
      folds[i] = (int) (rank * TenFoldAccuracy.FOLDS / (same[i] ? sames : same.length - sames));
    }
    return folds;
  }
}
