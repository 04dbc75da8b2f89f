package io.facet.models.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The prompts of a transformer: one set of learnable tokens for each place it takes them, named
 * {@code prompts.0}, {@code prompts.1}, ... and at first uniform within the network's bound.
 */
public final class PromptSet extends Layer {
  /** The tap of a prompted network that ends with the prompt outputs. */
  public static final String TAP = "last";

  /**
   * The tap of a teacher with prompts that learn which holds its embedding without them, {@code (B,
   * d)}.
   */
  public static final String UNPROMPTED = "unprompted";

  private final int tokens;
  private final List<Weight> sets = new ArrayList<>();

  private PromptSet(PromptableNetwork network, int tokens, PromptDepth depth) {
    if (!network.promptDepths().contains(depth)) {
      throw new RecipeException(
          "prompt.depth: the teacher takes no %s prompts; choose deep, or a vit"
              .formatted(depth.name().toLowerCase(Locale.ROOT)));
    }
    this.tokens = tokens;
    Initialiser start = Initialiser.uniform(network.promptBound());
    for (Shape shape : network.promptShapes(tokens, depth)) {
      sets.add(vector("prompts." + sets.size(), start, shape.getShape()));
    }
  }

  /**
   * New prompts drawn from a seed.
   *
   * @throws RecipeException if the network takes no prompts of this depth
   */
  public static PromptSet create(
      PromptableNetwork network, int tokens, PromptDepth depth, NDManager manager, long seed) {
    PromptSet prompts = new PromptSet(network, tokens, depth);
    prompts.initialise(manager, seed);
    return prompts;
  }

  /**
   * Prompts with given values; a single set is a shallow one where the network takes such.
   *
   * @param values as {@link #save} gave them
   * @throws io.facet.models.DataException if they do not fit the network
   */
  public static PromptSet of(
      PromptableNetwork network, int tokens, NDManager manager, Map<String, float[]> values) {
    boolean shallow = values.size() == 1 && network.promptDepths().contains(PromptDepth.SHALLOW);
    PromptSet prompts =
        new PromptSet(network, tokens, shallow ? PromptDepth.SHALLOW : PromptDepth.DEEP);
    prompts.load(manager, values);
    return prompts;
  }

  /** Tokens in each set. */
  public int tokens() {
    return tokens;
  }

  /** The sets in the network's order, each {@code (tokens, c)}. */
  public List<NDArray> arrays() {
    return sets.stream().map(Weight::array).toList();
  }
}
