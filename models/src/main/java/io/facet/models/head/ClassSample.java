package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
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
  private final long[] labels;

  private ClassSample(int[] classes, long[] labels) {
    this.classes = classes;
    this.labels = labels;
  }

  /**
   * Draws a sample; equal arguments give the same one.
   *
   * @param labels of the batch, each in {@code [0, all)}
   * @param all number of classes
   * @param wanted number of classes in the sample; more if the batch alone has more
   * @param seed of the draw
   */
  public static ClassSample draw(long[] labels, int all, int wanted, long seed) {
    BitSet chosen = new BitSet(all);
    for (long label : labels) {
      chosen.set((int) label);
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
    int[] classes = chosen.stream().toArray();
    return new ClassSample(
        classes,
        Arrays.stream(labels).map(label -> Arrays.binarySearch(classes, (int) label)).toArray());
  }

  /** The chosen classes, ascending. */
  public int[] classes() {
    return classes.clone();
  }

  /** Places of the batch's labels among the chosen classes, int64 {@code (B)}. */
  public NDArray labels(NDManager manager) {
    return manager.create(labels);
  }

  /**
   * The chosen rows of class weights {@code (C, d)}; gradients flow back to them.
   *
   * @param manager of the step, which the rows belong to
   */
  public NDArray rows(NDManager manager, NDArray weights) {
    long[] rows = Arrays.stream(classes).asLongStream().toArray();
    return weights.get(manager, new NDIndex("{}", manager.create(rows)));
  }
}
