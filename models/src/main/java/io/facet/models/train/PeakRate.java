package io.facet.models.train;

import io.facet.models.option.Description;
import io.facet.models.option.Shorthand;
import java.util.Optional;

/** The highest learning rate of a run: a number, or one that is scaled with the batch. */
@Shorthand
public record PeakRate(
    @Description(value = "the rate; with batch, that of such a batch", range = "(0, 100]")
        double base,
    @Description(
            value =
                "crops of a step that base is meant for: the rate is base * batchSize * accumulate / batch; absent: base whatever the batch",
            range = "[1, inf)",
            defaultValue = Description.ABSENT,
            source = "Goyal et al. 2017, arXiv 1706.02677, section 2.1 (linear scaling)")
        Optional<Integer> batch) {

  /** The rate of steps of that many crops. */
  public double at(long crops) {
    return batch.map(size -> base * crops / size).orElse(base);
  }
}
