package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;

/** A layer on maps {@code (B, C, H, W)}. */
abstract class ImageLayer extends Layer {
  abstract NDArray forward(NDArray x, boolean training);

  /** Adds the layer in evaluation mode and returns the name of its result. */
  abstract String writeTo(OnnxGraph graph, String x);
}
