package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;

/** A block that keeps the shape {@code (B, C, H, W)}. */
abstract class EdgeNeXtBlock extends Layer {
  abstract NDArray forward(NDArray x);

  /**
   * Adds the block and returns the name of its result.
   *
   * @param side of the maps
   */
  abstract String writeTo(OnnxGraph graph, String x, int side);
}
