package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerSequence;

/** A layer on maps {@code (B, C, H, W)}. */
abstract class ImageLayer extends Layer {
  /** Adds the layer to a sequence, which may keep another array afterwards. */
  abstract void addTo(LayerSequence steps);

  /** The layer alone. */
  final NDArray forward(NDArray x, boolean training) {
    LayerSequence steps = new LayerSequence(training);
    addTo(steps);
    return steps.run(x);
  }

  /** Adds the layer in evaluation mode and returns the name of its result. */
  abstract String writeTo(OnnxGraph graph, String x);
}
