package io.facet.models.train.sampler;

import com.google.auto.service.AutoService;
import io.facet.models.RecipeException;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;

/** {@code balanced}: P identities with K crops each in every batch. */
@AutoService(Sampler.class)
@Named(
    key = "balanced",
    version = 1,
    summary =
        "Batches of P identities with K crops each; crops repeat where an identity has fewer; unlabelled"
            + " crops are never shown",
    source = "Hermans et al. 2017 (arXiv:1703.07737), section 2")
public final class Balanced implements Sampler<Balanced.Options> {
  /** Options of {@link Balanced}. */
  public record Options(
      @Description(
              value =
                  "crops K of each identity, side by side in the batch; batchSize / K identities",
              range = "[1, 65536]",
              defaultValue = "4",
              source = "Hermans et al. 2017 (arXiv:1703.07737), section 2")
          int crops) {}

  @Override
  public SampleOrder open(Options options, TrainingSet set, int batchSize, long seed) {
    if (batchSize % options.crops() != 0) {
      throw new RecipeException(
          "sampler balanced: batchSize %d is not a multiple of crops %d"
              .formatted(batchSize, options.crops()));
    }
    IdentityGroups groups =
        new IdentityGroups(set, batchSize / options.crops(), options.crops(), seed);
    int count = Math.max(1, set.labelled() / groups.batchSize());
    return new SampleOrder() {
      @Override
      public int batchesPerEpoch() {
        return count;
      }

      @Override
      public int[][] epoch(int epoch) {
        return groups.epoch(epoch, count);
      }
    };
  }
}
