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
 * position table chosen by the facial distance of the cell to an anchor. With placement pair it is
 * a number of each head, added to e_lj, chosen by the facial distance of cell l to cell j, and
 * falls with it at the start: {@code e_lj = q_l Wq . f_j Wk / sqrt(d / H) + b_h(l, j)}. Otherwise
 * nothing tells a query where it is, and in the time a small student trains its attention stays a
 * mean of the whole face. Reconstructed: sharing of the weights between the branches, the grid of
 * the queries, start values.
 */
public final class UnifiedReceptiveField extends Layer {
  /** How much a product starts lower for each bucket further away, where pairs carry the code. */
  private static final float FALL = 2;

  private final int heads;
  private final PositionPlacement placement;
  private final int locals;
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
   * @param nearest row of distance 0
   */
  public UnifiedReceptiveField(
      int locals, int width, int heads, int buckets, int nearest, PositionPlacement placement) {
    this.heads = heads;
    this.placement = placement;
    this.locals = locals;
    Initialiser keepScale = Initialiser.normal(1 / Math.sqrt(width));
    queries = vector("queries", Initialiser.normal(1), locals, width);
    positions =
        placement == PositionPlacement.PAIR
            ? vector("positions", falling(nearest), buckets, heads)
            : vector("positions", Initialiser.normal(0.02), buckets, width);
    query = matrix("query", keepScale, width, width);
    key = matrix("key", keepScale, width, width);
    value = matrix("value", keepScale, width, width);
    output = matrix("output", keepScale, width, width);
  }

  /**
   * Local features.
   *
   * @param features {@code (B, N, d)}
   * @param rows row of the position table for each query ({@code QUERY}, L values), each feature
   *     ({@code KEY}, N values), or each pair of both ({@code PAIR}, L N values, query by query)
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
    } else if (placement == PositionPlacement.KEY) {
      keys = keys.add(table.expandDims(0));
    }
    NDArray products =
        HeadSplit.products(
            HeadSplit.split(asked.expandDims(0), heads), HeadSplit.split(keys, heads));
    if (placement == PositionPlacement.PAIR) {
      products = products.add(table.reshape(1, locals, -1, heads).transpose(0, 3, 1, 2));
    }
    NDArray attention = products.softmax(-1);
    NDArray read = HeadSplit.split(features.matMul(values.apply(value)), heads);
    return HeadSplit.join(attention.matMul(read)).matMul(values.apply(output));
  }

  private static Initialiser falling(int nearest) {
    return (shape, random) -> {
      int columns = (int) shape.get(1);
      float[] values = new float[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (-FALL * (i / columns - nearest));
      }
      return values;
    };
  }
}
