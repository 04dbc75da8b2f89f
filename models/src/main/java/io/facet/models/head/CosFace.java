package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;

/** {@code cosface}: target logit = scale (cos(angle) - margin), others = scale cos(angle). */
@AutoService(MarginHead.class)
public final class CosFace implements MarginHead<CosFaceOptions> {
  @Override
  public String key() {
    return "cosface";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<CosFaceOptions> optionsType() {
    return CosFaceOptions.class;
  }

  @Override
  public String summary() {
    return "Softmax with an additive cosine margin";
  }

  @Override
  public String source() {
    return "Wang et al. 2018, CosFace, arXiv 1801.09414";
  }

  @Override
  public HeadSession open(CosFaceOptions options) {
    return HeadSession.stateless(inputs -> logits(inputs, options));
  }

  private static NDArray logits(HeadInputs inputs, CosFaceOptions options) {
    NDArray shifted = inputs.target().sub(options.margin());
    return inputs.withTarget(inputs.cosines(), shifted).mul(options.scale());
  }
}
