package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Recomputation;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A network that turns face crops into embeddings. */
public abstract class Network extends Layer {
  private boolean recomputes;

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

  /**
   * Whether it is made of blocks that it runs by {@link #block}, between which gradients are
   * contiguous in memory: then running them twice changes no bit.
   */
  public boolean hasBlocks() {
    return false;
  }

  /**
   * From now on training keeps no more of a block than its input, and runs it again in the backward
   * pass: less memory, more time, the same bits.
   *
   * @throws IllegalStateException if it has no blocks
   */
  public final void recomputeBlocks() {
    if (!hasBlocks()) {
      throw new IllegalStateException("the network has no blocks");
    }
    recomputes = true;
  }

  /**
   * Runs a block.
   *
   * @param block computes the same if it runs again: what it draws is drawn before
   */
  protected final NDArray block(NDArray x, UnaryOperator<NDArray> block) {
    return recomputes ? Recomputation.run(x, block) : block.apply(x);
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
