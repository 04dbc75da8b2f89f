package io.facet.models.train.sampler;

import io.facet.models.option.Extension;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;

/** A rule that puts crops into batches: {@code shuffled}, {@code balanced}, ... */
public interface Sampler<O extends Record> extends Extension<O> {
  /**
   * The batches of one training run.
   *
   * @param batchSize crops of a batch, if the set has that many
   * @throws io.facet.models.RecipeException if the options do not fit the batch size
   */
  SampleOrder open(O options, TrainingSet set, int batchSize, long seed);
}
