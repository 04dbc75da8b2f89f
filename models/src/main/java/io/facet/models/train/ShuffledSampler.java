package io.facet.models.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Every crop at most once an epoch, in an order that depends on seed, epoch and face names alone.
 *
 * <p>The crops left over after the last whole batch sit the epoch out; they differ from epoch to
 * epoch. A training set smaller than a batch is one batch.
 */
public final class ShuffledSampler implements Sampler {
  private final long seed;
  private final int batch;
  private final long[] faces;

  public ShuffledSampler(TrainingSet set, int batchSize, long seed) {
    this.seed = seed;
    this.batch = Math.min(batchSize, set.size());
    this.faces =
        IntStream.range(0, set.size()).mapToLong(i -> SeededHash.of(set.faceId(i))).toArray();
  }

  @Override
  public int stepsPerEpoch() {
    return faces.length / batch;
  }

  @Override
  public int[][] epoch(int epoch) {
    long[] keys = new long[faces.length];
    Arrays.setAll(keys, i -> SeededHash.of(seed, epoch, faces[i]));
    int[] order =
        IntStream.range(0, faces.length)
            .boxed()
            .sorted(Comparator.<Integer>comparingLong(i -> keys[i]).thenComparing(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    int[][] batches = new int[stepsPerEpoch()][];
    Arrays.setAll(batches, b -> Arrays.copyOfRange(order, b * batch, (b + 1) * batch));
    return batches;
  }
}
