package io.facet.models.train;

import io.facet.models.option.Description;
import java.util.Optional;

/** When training ends early, and the weights of which epoch are kept. */
public record Stopping(
    @Description(
            value = "whose weights are the result: the last epoch's or the best one's",
            defaultValue = "last")
        Keep keep,
    @Description(
            value =
                "validation figure that tells which epoch is best, higher is better: accuracy or"
                    + " area-under-curve, on the identities of data.validation",
            defaultValue = "accuracy")
        String metric,
    @Description(
            value = "end after that many epochs without a better figure; absent: never early",
            range = "[1, inf)",
            defaultValue = Description.ABSENT)
        Optional<Integer> patience) {

  /** Whose weights are the result. */
  public enum Keep {
    LAST,
    BEST
  }

  /** Whether a validation is needed. */
  boolean watches() {
    return keep == Keep.BEST || patience.isPresent();
  }
}
