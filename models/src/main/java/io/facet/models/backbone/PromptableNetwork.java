package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;

/** A transformer that takes learnable prompt tokens beside its own (VPT; CAKD's APT). */
public abstract class PromptableNetwork extends Network {
  /** The depths it takes prompts at. */
  public abstract Set<PromptDepth> promptDepths();

  /**
   * Shapes of the prompt sets for {@code tokens} prompts each, {@code (tokens, c_i)}, in order.
   *
   * @param depth one of {@link #promptDepths}
   */
  public abstract List<Shape> promptShapes(int tokens, PromptDepth depth);

  /** Bound v of the uniform start values of prompts (VPT: sqrt(6 / (3 patch^2 + c))). */
  public abstract double promptBound();

  /**
   * The forward pass with prompts. The tap {@code last} then holds the spatial tokens followed by
   * the prompt outputs of the last block, {@code (B, N + tokens, c)}; the embedding reads spatial
   * tokens only. An empty list gives exactly {@link #forward(NDArray, Set, boolean)}.
   *
   * @param prompts one array for each of {@link #promptShapes} at one of the {@link #promptDepths}
   */
  public abstract Features forward(
      NDArray images, List<NDArray> prompts, Set<String> taps, boolean training);

  @Override
  public final Features forward(NDArray images, Set<String> taps, boolean training) {
    return forward(images, List.of(), taps, training);
  }
}
