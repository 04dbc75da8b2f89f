package io.facet.models.backbone;

import ai.djl.ndarray.NDManager;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerSequence;

/** A block that keeps the shape {@code (B, C, H, W)}. */
abstract class EdgeNeXtBlock extends Layer {
  /**
   * Adds the layers.
   *
   * @param grid of the maps
   */
  abstract void addTo(LayerSequence steps, Grid grid);

  /**
   * Rows and columns of maps.
   *
   * @param owner of the arrays that a layer makes for them
   */
  record Grid(NDManager owner, int height, int width) {
    /** The grid after a convolution of squares that do not overlap. */
    Grid dividedBy(int side) {
      return new Grid(owner, height / side, width / side);
    }
  }

  /**
   * Adds the block and returns the name of its result.
   *
   * @param side of the maps
   */
  abstract String writeTo(OnnxGraph graph, String x, int side);
}
