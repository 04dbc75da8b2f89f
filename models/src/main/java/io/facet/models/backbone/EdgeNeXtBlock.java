package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.Layer;

/** A block that keeps the shape {@code (B, C, H, W)}. */
abstract class EdgeNeXtBlock extends Layer {
  abstract NDArray forward(NDArray x);
}
