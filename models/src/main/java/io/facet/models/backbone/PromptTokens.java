package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** Puts prompts behind the tokens of a transformer and takes them off again. */
final class PromptTokens {
  private PromptTokens() {}

  /**
   * The prompt sets to use: none where they hold no tokens.
   *
   * @param places how many sets the network takes, one for each of its {@code what}
   * @throws IllegalArgumentException if there are more or fewer sets
   */
  static List<NDArray> given(List<NDArray> prompts, int places, String what) {
    if (prompts.isEmpty()) {
      return prompts;
    }
    if (prompts.size() != places) {
      throw new IllegalArgumentException(
          "%d prompt sets for %d %s".formatted(prompts.size(), places, what));
    }
    int axis = prompts.get(0).getShape().dimension() - 2;
    return prompts.get(0).getShape().get(axis) == 0 ? List.of() : prompts;
  }

  /** The first {@code count} tokens of {@code (B, N, C)}. */
  static NDArray leading(NDArray tokens, long count) {
    if (tokens.getShape().get(1) == count) {
      return tokens;
    }
    try (NDList parts = tokens.split(new long[] {count}, 1)) {
      return parts.remove(0);
    }
  }

  /**
   * Tokens {@code (B, N, C)} followed by prompts.
   *
   * @param prompt {@code (t, C)} for all samples alike, or {@code (B, t, C)}, row b for sample b
   */
  static NDArray append(NDArray tokens, NDArray prompt) {
    if (prompt.getShape().dimension() == 3) {
      return NDArrays.concat(new NDList(tokens, prompt), 1);
    }
    Shape all = new Shape(tokens.getShape().get(0)).addAll(prompt.getShape());
    try (NDArray one = prompt.expandDims(0);
        NDArray each = one.broadcast(all)) {
      return NDArrays.concat(new NDList(tokens, each), 1);
    }
  }
}
