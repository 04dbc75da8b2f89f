package io.facet.models.train.sampler;

import com.google.auto.service.AutoService;
import io.facet.models.RecipeException;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;
import java.util.Arrays;

/** {@code half-balanced}: half of each batch at random, half by identities. */
@AutoService(Sampler.class)
@Named(
    key = "half-balanced",
    version = 1,
    summary =
        "The first half of a batch at random, the second half P identities with K crops each;"
            + " an epoch is one pass of the random half, the only one with unlabelled crops",
    source = "Huang et al. 2022, Evaluation-oriented Knowledge Distillation (EKD)")
public final class HalfBalanced implements Sampler<HalfBalanced.Options> {
  /** Options of {@link HalfBalanced}. */
  public record Options(
      @Description(
              value =
                  "crops of each identity in the balanced half; batchSize / 2 / crops identities",
              range = "[1, 65536]",
              defaultValue = "4",
              source = "EKD")
          int crops,
      @Description(
              value = "whether the identity term is computed on the random half alone",
              defaultValue = "true",
              source = "EKD")
          boolean identityOnRandomHalf) {}

  @Override
  public SampleOrder open(Options options, TrainingSet set, int batchSize, long seed) {
    if (batchSize % (2 * options.crops()) != 0) {
      throw new RecipeException(
          "sampler half-balanced: half of batchSize %d is not a multiple of crops %d"
              .formatted(batchSize, options.crops()));
    }
    int half = batchSize / 2;
    return new Order(
        new ShuffledOrder(set, half, seed),
        new IdentityGroups(set, half / options.crops(), options.crops(), seed),
        options.identityOnRandomHalf());
  }

  private record Order(ShuffledOrder random, IdentityGroups groups, boolean identityOnRandomHalf)
      implements SampleOrder {
    @Override
    public int batchesPerEpoch() {
      return random.batchesPerEpoch();
    }

    @Override
    public int[][] epoch(int epoch) {
      int[][] first = random.epoch(epoch);
      int[][] second = groups.epoch(epoch, first.length);
      int[][] batches = new int[first.length][];
      for (int i = 0; i < batches.length; i++) {
        batches[i] = Arrays.copyOf(first[i], first[i].length + second[i].length);
        System.arraycopy(second[i], 0, batches[i], first[i].length, second[i].length);
      }
      return batches;
    }

    @Override
    public int identityCrops(int batchSize) {
      return identityOnRandomHalf ? batchSize - groups.batchSize() : batchSize;
    }
  }
}
