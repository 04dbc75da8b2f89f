package io.facet.transforms.score;

import io.facet.transforms.row.FaceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes the pairs of one model and one set in any order, one by one, into columns. */
final class ScoredPairsBuilder {
  private final Map<String, Integer> places = new HashMap<>();
  private int count;
  private int firstFold;

  /** Empty as long as all pairs have the same. */
  private int[] folds = new int[0];

  private int[] positions = new int[1024];
  private boolean[] same = new boolean[1024];
  private double[] scores = new double[1024];
  private int[] left = new int[1024];
  private int[] right = new int[1024];
  private final List<String> faces = new ArrayList<>();

  /** The image that each face is on. */
  private final List<String> images = new ArrayList<>();

  /**
   * Takes a pair.
   *
   * @param leftFace number of its first face, from {@link #face}
   * @param rightFace number of its second face
   */
  void add(int position, int fold, boolean onePerson, int leftFace, int rightFace, double score) {
    if (count == positions.length) {
      int larger = count + (count >> 1);
      positions = Arrays.copyOf(positions, larger);
      same = Arrays.copyOf(same, larger);
      scores = Arrays.copyOf(scores, larger);
      left = Arrays.copyOf(left, larger);
      right = Arrays.copyOf(right, larger);
      folds = folds.length == 0 ? folds : Arrays.copyOf(folds, larger);
    }
    firstFold = count == 0 ? fold : firstFold;
    if (folds.length == 0 && fold != firstFold) {
      folds = new int[positions.length];
      Arrays.fill(folds, 0, count, firstFold);
    }
    if (folds.length > 0) {
      folds[count] = fold;
    }
    positions[count] = position;
    same[count] = onePerson;
    scores[count] = score;
    left[count] = leftFace;
    right[count++] = rightFace;
  }

  /** The number of a face, from 0 in the order they come. */
  int face(String id, String imageId) {
    Integer known = places.get(id);
    if (known != null) {
      return known;
    }
    int place = faces.size();
    places.put(id, place);
    faces.add(id);
    images.add(imageId);
    return place;
  }

  /** The number of a face that is named as in {@link FaceId}. */
  int face(String id) {
    Integer known = places.get(id);
    return known != null ? known : face(id, FaceId.imageId(id));
  }

  int size() {
    return count;
  }

  /**
   * The pairs in the order of their list; the builder is empty after that, so that no two columns
   * are in memory twice.
   *
   * @param identities numbers of people by image id, as far as they are known
   */
  ScoredPairs build(Map<String, Long> identities) {
    places.clear();
    int[] order = order();
    int[] orderedPositions = taken(positions, order);
    positions = null;
    int[] orderedFolds = folds.length == 0 ? folds : taken(folds, order);
    folds = null;
    int[] orderedLeft = taken(left, order);
    left = null;
    int[] orderedRight = taken(right, order);
    right = null;
    double[] orderedScores = new double[count];
    Arrays.setAll(orderedScores, i -> scores[order[i]]);
    scores = null;
    boolean[] orderedSame = new boolean[count];
    for (int i = 0; i < count; i++) {
      orderedSame[i] = same[order[i]];
    }
    same = null;
    return new ScoredPairs(
        new ScoredPairs.Columns(
            orderedPositions,
            firstFold,
            orderedFolds,
            orderedSame,
            orderedScores,
            orderedLeft,
            orderedRight),
        faces,
        images,
        people(identities));
  }

  /** Where each pair of the list stands among those that came. */
  private int[] order() {
    long[] keys = new long[count];
    Arrays.setAll(keys, i -> (long) positions[i] << Integer.SIZE | i);
    Arrays.sort(keys);
    int[] order = new int[count];
    Arrays.setAll(order, i -> (int) keys[i]);
    return order;
  }

  private static int[] taken(int[] values, int[] order) {
    int[] taken = new int[order.length];
    Arrays.setAll(taken, i -> values[order[i]]);
    return taken;
  }

  /** Number of the person on each face, by rising number of the identity; -1 if not known. */
  private int[] people(Map<String, Long> identities) {
    long[] rising =
        images.stream()
            .filter(identities::containsKey)
            .mapToLong(identities::get)
            .sorted()
            .distinct()
            .toArray();
    return images.stream()
        .map(identities::get)
        .mapToInt(one -> one == null ? -1 : Arrays.binarySearch(rising, one))
        .toArray();
  }
}
