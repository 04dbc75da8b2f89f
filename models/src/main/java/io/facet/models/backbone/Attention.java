package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;

/** Mixes normalised tokens with each other, {@code (B, N, C)} to {@code (B, N, C)}. */
abstract class Attention extends Layer {
  /**
   * Adds the layers, from the normalisation on.
   *
   * @param tokens that they will be run on
   */
  abstract void addTo(LayerSequence steps, LayerNormalisation norm, NDArray tokens);

  /** Adds the layer and returns the name of its result. */
  abstract String writeTo(OnnxGraph graph, String tokens);
}
