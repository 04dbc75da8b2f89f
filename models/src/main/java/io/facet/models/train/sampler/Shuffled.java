package io.facet.models.train.sampler;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;

/** {@code shuffled}: every crop at most once an epoch. */
@AutoService(Sampler.class)
@Named(
    key = "shuffled",
    version = 1,
    summary = "Every crop at most once an epoch, in a new order each time")
public final class Shuffled implements Sampler<Shuffled.Options> {
  /** No options. */
  public record Options() {}

  @Override
  public SampleOrder open(Options options, TrainingSet set, int batchSize, long seed) {
    return new ShuffledOrder(set, batchSize, seed);
  }
}
