package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;

/** Mixes normalised tokens with each other, {@code (B, N, C)} to {@code (B, N, C)}. */
abstract class Attention extends Layer {
  abstract NDArray forward(NDArray tokens, LayerNormalisation norm);

  /** Adds the layer and returns the name of its result. */
  abstract String writeTo(OnnxGraph graph, String tokens);
}
