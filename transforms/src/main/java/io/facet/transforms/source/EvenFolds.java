package io.facet.transforms.source;

import io.facet.models.format.NamedPair;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten folds for a list that has only one: each holds the same share of both kinds of pairs. Lists
 * often give all pairs of one kind first; contiguous folds would then be judged by thresholds that
 * saw the other kind only.
 */
final class EvenFolds {
  private static final int FOLDS = 10;

  private EvenFolds() {}

  /** The list itself if it has folds of its own. */
  static List<NamedPair> of(List<NamedPair> pairs) {
    if (pairs.stream().mapToInt(NamedPair::fold).distinct().count() > 1) {
      return pairs;
    }
    long sames = pairs.stream().filter(NamedPair::same).count();
    List<NamedPair> divided = new ArrayList<>();
    int same = 0;
    int different = 0;
    for (NamedPair pair : pairs) {
      long kind = pair.same() ? sames : pairs.size() - sames;
      int rank = pair.same() ? same++ : different++;
      int fold = (int) (rank * FOLDS / kind);
      divided.add(new NamedPair(pair.position(), fold, pair.left(), pair.right(), pair.same()));
    }
    return divided;
  }
}
