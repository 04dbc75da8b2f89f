package io.facet.models.train.sampler;

import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.LongOrder;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Every crop at most once an epoch, in an order that depends on seed, epoch and face names alone.
 *
 * <p>The crops left over after the last whole batch sit the epoch out; they differ from epoch to
 * epoch. A training set smaller than a batch is one batch.
 */
public final class ShuffledOrder implements SampleOrder {
  private final long seed;
  private final int batch;
  private final long[] faces;

  public ShuffledOrder(TrainingSet set, int batchSize, long seed) {
    this.seed = seed;
    this.batch = Math.min(batchSize, set.size());
    this.faces = faceHashes(set);
  }

  /** 64 bits of each face's name, by position. */
  static long[] faceHashes(TrainingSet set) {
    return IntStream.range(0, set.size()).mapToLong(set::faceHash).toArray();
  }

  @Override
  public int batchesPerEpoch() {
    return faces.length / batch;
  }

  @Override
  public int[][] epoch(int epoch) {
    long[] keys = new long[faces.length];
    Arrays.setAll(keys, i -> SeededHash.of(seed, epoch, faces[i]));
    int[] order = LongOrder.ascending(keys);
    int[][] batches = new int[batchesPerEpoch()][];
    Arrays.setAll(batches, b -> Arrays.copyOfRange(order, b * batch, (b + 1) * batch));
    return batches;
  }
}
