package io.facet.transforms.source.format;

import io.facet.models.format.NamedPair;
import io.facet.models.protocol.EvenFolds;
import java.util.ArrayList;
import java.util.List;

/** Pair lists with folds: their own if they have several, else {@link EvenFolds}. */
final class FoldedPairs {
  private FoldedPairs() {}

  static List<NamedPair> of(List<NamedPair> pairs) {
    if (pairs.stream().mapToInt(NamedPair::fold).distinct().count() > 1) {
      return pairs;
    }
    boolean[] same = new boolean[pairs.size()];
    for (int i = 0; i < same.length; i++) {
      same[i] = pairs.get(i).same();
    }
    int[] folds = EvenFolds.of(same);
    List<NamedPair> divided = new ArrayList<>();
    for (int i = 0; i < folds.length; i++) {
      NamedPair pair = pairs.get(i);
      divided.add(new NamedPair(pair.position(), folds[i], pair.left(), pair.right(), pair.same()));
    }
    return divided;
  }
}
