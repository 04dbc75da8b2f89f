package io.facet.models.train.sampler;

import com.google.auto.service.AutoService;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;

/** {@code shuffled}: every crop at most once an epoch. */
@AutoService(Sampler.class)
public final class Shuffled implements Sampler<Shuffled.Options> {
  /** No options. */
  public record Options() {}

  @Override
  public String key() {
    return "shuffled";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "Every crop at most once an epoch, in a new order each time";
  }

  @Override
  public SampleOrder open(Options options, TrainingSet set, int batchSize, long seed) {
    return new ShuffledOrder(set, batchSize, seed);
  }
}
