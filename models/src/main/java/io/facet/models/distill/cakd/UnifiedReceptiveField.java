package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.function.Function;

/**
 * Unified receptive field mapping: learnt local queries gather any number of pixel features into L
 * local features, one attention for teacher and student (arXiv 2306.14662).
 *
 * <pre>
 * e_lj = (q_l Wq + b_l) . (f_j Wk) / sqrt(d / H),  h_l = concat_heads(sum_j softmax_j(e_lj) f_j Wv) Wo
 * </pre>
 *
 * <p>Matrices act from the right, without bias, residual or normalisation. b is a row of the
 * position table chosen by the facial distance of the cell to an anchor. Reconstructed: sharing of
 * the weights between the branches, the grid of the queries, start values.
 */
public final class UnifiedReceptiveField extends Layer {
  private final int heads;
  private final PositionPlacement placement;
  private final Weight queries;
  private final Weight positions;
  private final Weight query;
  private final Weight key;
  private final Weight value;
  private final Weight output;

  /**
   * A field without values yet.
   *
   * @param locals number L of local queries
   * @param width d of features, a multiple of the heads
   * @param buckets rows of the position table
   */
  public UnifiedReceptiveField(
      int locals, int width, int heads, int buckets, PositionPlacement placement) {
    this.heads = heads;
    this.placement = placement;
    Initialiser keepScale = Initialiser.normal(1 / Math.sqrt(width));
    queries = vector("queries", Initialiser.normal(1), locals, width);
    positions = vector("positions", Initialiser.normal(0.02), buckets, width);
    query = matrix("query", keepScale, width, width);
    key = matrix("key", keepScale, width, width);
    value = matrix("value", keepScale, width, width);
    output = matrix("output", keepScale, width, width);
  }

  /**
   * Local features.
   *
   * @param features {@code (B, N, d)}
   * @param rows row of the position table for each query ({@code QUERY}, L values) or each feature
   *     ({@code KEY}, N values)
   * @return {@code (B, L, d)}
   */
  public NDArray forward(NDArray features, int[] rows) {
    return forward(features, rows, Weight::array);
  }

  /** The same with the weights as constants: gradients reach the features alone. */
  public NDArray constant(NDArray features, int[] rows) {
    return forward(features, rows, weight -> weight.array().stopGradient());
  }

  private NDArray forward(NDArray features, int[] rows, Function<Weight, NDArray> values) {
    NDArray table = PositionRows.choose(features.getManager(), rows, values.apply(positions));
    NDArray asked = values.apply(queries).matMul(values.apply(query));
    NDArray keys = features.matMul(values.apply(key));
    if (placement == PositionPlacement.QUERY) {
      asked = asked.add(table);
    } else {
      keys = keys.add(table.expandDims(0));
    }
    NDArray attention =
        HeadSplit.attention(
            HeadSplit.split(asked.expandDims(0), heads), HeadSplit.split(keys, heads));
    NDArray read = HeadSplit.split(features.matMul(values.apply(value)), heads);
    return HeadSplit.join(attention.matMul(read)).matMul(values.apply(output));
  }
}
