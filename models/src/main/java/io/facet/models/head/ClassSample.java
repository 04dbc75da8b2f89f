package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.NewArray;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * The classes that take part in one step where all of them would be too many: those of the batch
 * and, up to the wanted number, others drawn at random (An et al. 2021, Partial FC, arXiv
 * 2010.05222).
 */
public final class ClassSample {
  private final int[] classes;

  private ClassSample(int[] classes) {
    this.classes = classes;
  }

  /**
   * Draws a sample; equal arguments give the same one.
   *
   * @param labels of the batch, each in {@code [0, all)}; -1 (unknown) counts for nothing
   * @param all number of classes
   * @param wanted number of classes in the sample; more if the batch alone has more
   * @param seed of the draw
   */
  public static ClassSample draw(long[] labels, int all, int wanted, long seed) {
    BitSet chosen = new BitSet(all);
    for (long label : labels) {
      if (label >= 0) {
        chosen.set((int) label);
      }
    }
    int missing = Math.min(all, wanted) - chosen.cardinality();
    if (missing > 0) {
      int[] others = new int[all - chosen.cardinality()];
      int at = 0;
      for (int c = chosen.nextClearBit(0); c < all; c = chosen.nextClearBit(c + 1)) {
        others[at++] = c;
      }
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < missing; i++) {
        int pick = i + random.nextInt(others.length - i);
        chosen.set(others[pick]);
        others[pick] = others[i];
      }
    }
    return new ClassSample(chosen.stream().toArray());
  }

  /** The chosen classes, ascending. */
  public int[] classes() {
    return classes.clone();
  }

  /**
   * Places of classes among the chosen ones.
   *
   * @param labels classes, {@code (B)}; -1 (unknown) stays
   * @throws IllegalArgumentException if a class is not among the chosen ones
   */
  public IndexArray places(IndexArray labels) {
    return IndexArray.of(labels.array(), Arrays.stream(labels.values()).map(this::place).toArray());
  }

  private long place(long label) {
    if (label < 0) {
      return label;
    }
    int place = Arrays.binarySearch(classes, (int) label);
    if (place < 0) {
      throw new IllegalArgumentException("class " + label + " is not in the sample");
    }
    return place;
  }

  /**
   * The chosen rows of class weights {@code (C, d)}; gradients flow back to them.
   *
   * @param manager of the step, which the rows belong to
   */
  public NDArray rows(NDManager manager, NDArray weights) {
    long[] longs = Arrays.stream(classes).asLongStream().toArray();
    NDArray index = NewArray.of(manager, weights.getDevice(), longs);
    return weights.get(manager, new NDIndex("{}", index));
  }
}
