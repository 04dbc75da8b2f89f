package io.facet.models.train.sampler;

import io.facet.models.RecipeException;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.LongOrder;
import io.facet.models.train.data.TrainingSet;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Batches of some identities with some crops each, the crops of one identity side by side. Crops of
 * unknown identity are left out.
 *
 * <p>In rounds, every identity has its turn (but those left over after a round's last whole batch),
 * in a new order each round; its crops follow each other in an order of the epoch and begin again
 * when they run out, so an identity with fewer crops than wanted shows some twice.
 */
final class IdentityGroups {
  private static final long ROUND = SeededHash.of("round");

  private final long seed;
  private final int identities;
  private final int crops;
  private final long[] faces;
  private final int[][] byIdentity;

  /**
   * @param identities of a batch; all there are, if they are fewer
   * @param crops of each
   */
  IdentityGroups(TrainingSet set, int identities, int crops, long seed) {
    this.seed = seed;
    this.crops = crops;
    faces = ShuffledOrder.faceHashes(set);
    byIdentity = byIdentity(set);
    if (byIdentity.length == 0) {
      throw new RecipeException(
          "sampler: no crop has an identity to balance by; choose sampler shuffled");
    }
    this.identities = Math.min(identities, byIdentity.length);
  }

  /** Positions of the crops of each identity that has any. */
  private static int[][] byIdentity(TrainingSet set) {
    int[] counts = new int[set.classes()];
    for (int i = 0; i < set.size(); i++) {
      if (set.label(i) != TrainingSet.UNLABELLED) {
        counts[set.label(i)]++;
      }
    }
    int[][] all = new int[counts.length][];
    for (int label = 0; label < counts.length; label++) {
      all[label] = new int[counts[label]];
    }
    int[] filled = new int[counts.length];
    for (int i = 0; i < set.size(); i++) {
      int label = set.label(i);
      if (label != TrainingSet.UNLABELLED) {
        all[label][filled[label]++] = i;
      }
    }
    return Arrays.stream(all).filter(found -> found.length > 0).toArray(int[][]::new);
  }

  /** Crops of one batch. */
  int batchSize() {
    return identities * crops;
  }

  /** The first batches of an epoch, {@code identities x crops} positions each. */
  int[][] epoch(int epoch, int count) {
    int[][] ordered = new int[byIdentity.length][];
    int[] next = new int[byIdentity.length];
    int[][] batches = new int[count][];
    int perRound = byIdentity.length / identities;
    int[] turns = null;
    for (int batch = 0; batch < count; batch++) {
      int inRound = batch % perRound;
      if (inRound == 0) {
        int round = batch / perRound;
        turns = sorted(byIdentity.length, i -> SeededHash.of(seed, ROUND, epoch, round, i));
      }
      batches[batch] = new int[batchSize()];
      for (int turn = 0; turn < identities; turn++) {
        int identity = turns[inRound * identities + turn];
        if (ordered[identity] == null) {
          ordered[identity] = ordered(identity, epoch);
        }
        for (int crop = 0; crop < crops; crop++) {
          batches[batch][turn * crops + crop] =
              ordered[identity][next[identity]++ % ordered[identity].length];
        }
      }
    }
    return batches;
  }

  private int[] ordered(int identity, int epoch) {
    int[] own = byIdentity[identity];
    int[] order = sorted(own.length, i -> SeededHash.of(seed, epoch, faces[own[i]]));
    return IntStream.of(order).map(i -> own[i]).toArray();
  }

  private static int[] sorted(int count, IntToLongFunction key) {
    return LongOrder.ascending(IntStream.range(0, count).mapToLong(key).toArray());
  }
}
