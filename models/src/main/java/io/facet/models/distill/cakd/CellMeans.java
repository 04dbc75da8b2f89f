package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.TorchOps;

/** Local features without learnt queries: means of the tokens in the cells of a square grid. */
final class CellMeans {
  private CellMeans() {}

  /**
   * Means of tokens over {@code locals} cells; a grid smaller than that repeats its tokens.
   *
   * @param features {@code (B, N, d)}: a square grid row by row, then prompts, which are left out
   * @param prompts how many of the tokens are prompts
   * @return {@code (B, locals, d)}
   */
  static NDArray of(NDArray features, int prompts, int locals) {
    Shape shape = features.getShape();
    int spatial = (int) shape.get(1) - prompts;
    int side = FacialDistances.side(spatial, "the token grid");
    int wanted = FacialDistances.side(locals, "locals");
    NDArray grid = prompts == 0 ? features : features.get(new NDIndex(":, :" + spatial));
    NDArray map = grid.transpose(0, 2, 1).reshape(shape.get(0), shape.get(2), side, side);
    return TorchOps.averagePool(map, wanted)
        .reshape(shape.get(0), shape.get(2), locals)
        .transpose(0, 2, 1);
  }
}
