package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Layer;
import java.util.function.Function;

/**
 * One margin head at work in one run. Its weights are buffers, such as running statistics: they are
 * part of every checkpoint.
 */
public abstract class HeadSession extends Layer {
  /** Logits after margin and scale, {@code (B, C)}; running statistics take in the batch first. */
  public abstract NDArray logits(HeadInputs inputs);

  /** A head without state. */
  public static HeadSession stateless(Function<HeadInputs, NDArray> logits) {
    return new HeadSession() {
      @Override
      public NDArray logits(HeadInputs inputs) {
        return logits.apply(inputs);
      }
    };
  }

  /** The head a recipe chose. */
  @SuppressWarnings("unchecked") // the options come from the same extension
  public static HeadSession of(Selected<? extends MarginHead<?>> selected) {
    return ((MarginHead<Record>) selected.extension()).open(selected.options());
  }
}
