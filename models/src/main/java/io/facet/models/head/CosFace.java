package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** {@code cosface}: target logit = scale (cos(angle) - margin), others = scale cos(angle). */
@AutoService(MarginHead.class)
@Named(
    key = "cosface",
    version = 1,
    summary = "Softmax with an additive cosine margin",
    source = "Wang et al. 2018, CosFace, arXiv 1801.09414")
public final class CosFace implements MarginHead<CosFaceOptions> {
  @Override
  public HeadSession open(CosFaceOptions options) {
    return HeadSession.stateless(inputs -> logits(inputs, options));
  }

  private static NDArray logits(HeadInputs inputs, CosFaceOptions options) {
    NDArray shifted = inputs.target().sub(options.margin());
    return inputs.withTarget(inputs.cosines(), shifted).mul(options.scale());
  }
}
