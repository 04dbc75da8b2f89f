package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.Layer;
import java.util.Map;
import java.util.Set;

/** A network that turns face crops into embeddings. */
public abstract class Network extends Layer {
  /**
   * The forward pass.
   *
   * @param images preprocessed crops, {@code (B, 3, H, W)}
   * @param taps names of intermediate outputs to keep, each one of {@link #taps()}
   * @param training true: batch statistics and drop-out; false: running statistics
   */
  public abstract Features forward(NDArray images, Set<String> taps, boolean training);

  /** Embeddings alone, {@code (B, d)}. */
  public final NDArray embed(NDArray images, boolean training) {
    return forward(images, Set.of(), training).embedding();
  }

  /** Width d of the embedding. */
  public abstract int embeddingSize();

  /** Input size, {@code (3, H, W)}. */
  public abstract Shape inputShape();

  /**
   * The taps this network offers and their shapes without the batch axis: maps {@code (C, H, W)},
   * tokens {@code (N, C)}. Every network offers {@code last}: its last feature map or tokens before
   * the embedding head.
   */
  public abstract Map<String, Shape> taps();
}
