package io.facet.pipelines.plan;

import io.facet.pipelines.champion.GateContext;
import io.facet.pipelines.recipe.Recipe;
import java.util.Map;
import java.util.Optional;

/**
 * What stages are planned from.
 *
 * @param recipe resolved and checked
 * @param libraries versions of the libraries that compute, for fingerprints and manifests
 * @param gitCommit of the program, or {@code unknown}
 * @param storeRoot where artifacts and caches are kept
 * @param gate whom the gate compares the best student with; without it there is no gate
 */
public record PlanContext(
    Recipe recipe,
    Map<String, String> libraries,
    String gitCommit,
    String storeRoot,
    Optional<GateContext> gate) {

  /** A plan without a gate. */
  public PlanContext(
      Recipe recipe, Map<String, String> libraries, String gitCommit, String storeRoot) {
    this(recipe, libraries, gitCommit, storeRoot, Optional.empty());
  }

  /** The same with a gate at its end. */
  public PlanContext withGate(GateContext against) {
    return new PlanContext(recipe, libraries, gitCommit, storeRoot, Optional.of(against));
  }
}
