package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.protocol.ResamplingUnit;

/** {@code --bootstrap} of commands. */
final class BootstrapOption {
  private BootstrapOption() {}

  /**
   * The unit of that name.
   *
   * @throws RecipeException if there is none
   */
  static ResamplingUnit unit(String name) {
    return switch (name) {
      case "identity" -> ResamplingUnit.IDENTITY;
      case "pair" -> ResamplingUnit.PAIR;
      default ->
          throw new RecipeException("--bootstrap: must be identity or pair, is '" + name + "'");
    };
  }
}
