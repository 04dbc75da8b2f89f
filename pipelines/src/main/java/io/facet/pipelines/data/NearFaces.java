package io.facet.pipelines.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Groups of faces whose hashes are near, found without comparing all with all: two coarse hashes
 * that differ in at most {@value #COARSE_BITS} bits have one of {@value #BANDS} bands of bits in
 * common, so only faces that share a band are compared. 40 bytes a face.
 */
final class NearFaces {
  /** Fewer differing bits of the coarse hash than there are bands. */
  static final int COARSE_BITS = 3;

  /** Bits of the fine hash, of 256, in which copies of a picture may differ. */
  static final int FINE_BITS = 24;

  private static final int BANDS = COARSE_BITS + 1;
  private static final int BAND_BITS = Long.SIZE / BANDS;

  private long[] coarse = new long[1024];
  private long[] fine = new long[1024 * FaceHash.FINE_WORDS];
  private int count;
  private long compared;

  /** Adds the next face; they are numbered from 0. */
  void add(FaceHash hash) {
    if (count == coarse.length) {
      coarse = Arrays.copyOf(coarse, 2 * count);
      fine = Arrays.copyOf(fine, 2 * count * FaceHash.FINE_WORDS);
    }
    coarse[count] = hash.coarse();
    System.arraycopy(hash.fine(), 0, fine, count * FaceHash.FINE_WORDS, FaceHash.FINE_WORDS);
    count++;
  }

  int size() {
    return count;
  }

  /** Comparisons that {@link #groups} made. */
  long compared() {
    return compared;
  }

  /** Groups of at least two faces, each by number in order. */
  List<List<Integer>> groups() {
    int[] parent = new int[count];
    Arrays.setAll(parent, i -> i);
    Integer[] order = distinct(parent);
    for (int band = 0; band < BANDS; band++) {
      int shift = band * BAND_BITS;
      Arrays.sort(order, Comparator.comparingLong(face -> key(face, shift)));
      int from = 0;
      for (int to = 1; to <= order.length; to++) {
        if (to == order.length || key(order[to], shift) != key(order[from], shift)) {
          compareAll(order, from, to, parent);
          from = to;
        }
      }
    }
    Map<Integer, List<Integer>> byRoot = new HashMap<>();
    for (int i = 0; i < count; i++) {
      byRoot.computeIfAbsent(root(parent, i), r -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> groups =
        new ArrayList<>(byRoot.values().stream().filter(group -> group.size() > 1).toList());
    groups.sort(Comparator.comparing(Collections::min));
    return groups;
  }

  /** One of each hash: however many faces have the same, they are compared once. */
  private Integer[] distinct(int[] parent) {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Comparator<Integer> byHash = Comparator.comparingLong(face -> coarse[face]);
    for (int word = 0; word < FaceHash.FINE_WORDS; word++) {
      int at = word;
      byHash = byHash.thenComparingLong(face -> fine[face * FaceHash.FINE_WORDS + at]);
    }
    Arrays.sort(order, byHash.thenComparing(Comparator.naturalOrder()));
    List<Integer> kept = new ArrayList<>();
    for (Integer face : order) {
      int last = kept.isEmpty() ? -1 : kept.get(kept.size() - 1);
      if (last >= 0 && coarse[last] == coarse[face] && FaceHash.distance(fine, last, face) == 0) {
        parent[face] = last;
      } else {
        kept.add(face);
      }
    }
    return kept.toArray(Integer[]::new);
  }

  private long key(int face, int shift) {
    return (coarse[face] >>> shift) & ((1L << BAND_BITS) - 1);
  }

  private void compareAll(Integer[] order, int from, int to, int[] parent) {
    for (int i = from; i < to; i++) {
      for (int j = i + 1; j < to; j++) {
        int one = order[i];
        int other = order[j];
        compared++;
        if (Long.bitCount(coarse[one] ^ coarse[other]) <= COARSE_BITS
            && FaceHash.distance(fine, one, other) <= FINE_BITS) {
          int a = root(parent, one);
          int b = root(parent, other);
          parent[Math.max(a, b)] = Math.min(a, b);
        }
      }
    }
  }

  private static int root(int[] parent, int of) {
    int at = of;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }
}
