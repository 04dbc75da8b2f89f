package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.function.Function;

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
    return forward(locals, Weight::array);
  }

  /** The same with the weights as constants: gradients reach the locals alone. */
  public Attended constant(NDArray locals) {
    return forward(locals, weight -> weight.array().stopGradient());
  }

  private Attended forward(NDArray locals, Function<Weight, NDArray> values) {
    NDArray maps =
        HeadSplit.attention(
            HeadSplit.split(locals.matMul(values.apply(query)), heads),
            HeadSplit.split(locals.matMul(values.apply(key)), heads));
    NDArray read = HeadSplit.split(locals.matMul(values.apply(value)), heads);
    NDArray outputs = HeadSplit.join(maps.matMul(read)).matMul(values.apply(output));
    return new Attended(maps, outputs);
  }

  /**
   * What the attention gives.
   *
   * @param maps {@code (B, H, L, L)}
   * @param outputs {@code (B, L, d)}
   */
  public record Attended(NDArray maps, NDArray outputs) {
    private static final double SMALLEST = 1e-12;

    /** mean((A - A')^2) over all elements. */
    public NDArray attentionLoss(Attended other) {
      return maps.sub(other.maps).square().mean();
    }

    /** mean((o - o')^2) over all elements. */
    public NDArray featureLoss(Attended other) {
      return outputs.sub(other.outputs).square().mean();
    }

    /**
     * As {@link #attentionLoss}, of log A normalised over the batch: 2 - 2 r, r the mean over all
     * elements of the correlation of both sides.
     */
    public NDArray attentionDifference(Attended other) {
      return difference(maps.add(SMALLEST).log(), other.maps.add(SMALLEST).log());
    }

    /** As {@link #featureLoss}, of o normalised over the batch: 2 - 2 r. */
    public NDArray featureDifference(Attended other) {
      return difference(outputs, other.outputs);
    }

    private static NDArray difference(NDArray ours, NDArray theirs) {
      return Normalised.batch(ours).sub(Normalised.batch(theirs)).square().mean();
    }

    /** The same with normalised outputs (LayerNorm without weights). */
    public Attended normalised() {
      return new Attended(maps, Normalised.layer(outputs));
    }

    /** The same values without gradients. */
    public Attended constant() {
      return new Attended(maps.stopGradient(), outputs.stopGradient());
    }
  }
}
