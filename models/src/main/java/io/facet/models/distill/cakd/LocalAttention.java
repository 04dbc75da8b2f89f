package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;

/**
 * Multi-head self-attention over local features: {@code A = softmax(h Mq (h Mk)^T / sqrt(d / H))},
 * {@code o = concat_heads(A h Mv) Mo}, without bias, residual or normalisation.
 */
public final class LocalAttention extends Layer {
  private final int heads;
  private final Weight query;
  private final Weight key;
  private final Weight value;
  private final Weight output;

  /** An attention without values yet over features of that width, a multiple of the heads. */
  public LocalAttention(int width, int heads) {
    this.heads = heads;
    Initialiser keepScale = Initialiser.normal(1 / Math.sqrt(width));
    query = matrix("query", keepScale, width, width);
    key = matrix("key", keepScale, width, width);
    value = matrix("value", keepScale, width, width);
    output = matrix("output", keepScale, width, width);
  }

  /** Attention maps and outputs of local features {@code (B, L, d)}. */
  public Attended forward(NDArray locals) {
    NDArray maps =
        HeadSplit.attention(
            HeadSplit.split(locals.matMul(query.array()), heads),
            HeadSplit.split(locals.matMul(key.array()), heads));
    NDArray values = HeadSplit.split(locals.matMul(value.array()), heads);
    NDArray outputs = HeadSplit.join(maps.matMul(values)).matMul(output.array());
    return new Attended(maps, outputs);
  }

  /**
   * What the attention gives.
   *
   * @param maps {@code (B, H, L, L)}
   * @param outputs {@code (B, L, d)}
   */
  public record Attended(NDArray maps, NDArray outputs) {
    /** mean((A - A')^2) over all elements. */
    public NDArray attentionLoss(Attended other) {
      return maps.sub(other.maps).square().mean();
    }

    /** mean((o - o')^2) over all elements. */
    public NDArray featureLoss(Attended other) {
      return outputs.sub(other.outputs).square().mean();
    }

    /** The same values without gradients. */
    public Attended constant() {
      return new Attended(maps.stopGradient(), outputs.stopGradient());
    }
  }
}
