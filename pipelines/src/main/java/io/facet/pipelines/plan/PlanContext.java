package io.facet.pipelines.plan;

import io.facet.pipelines.recipe.Recipe;
import java.util.Map;

/**
 * What stages are planned from.
 *
 * @param recipe resolved and checked
 * @param libraries versions of the libraries that compute, for fingerprints and manifests
 * @param gitCommit of the program, or {@code unknown}
 * @param storeRoot where artifacts and caches are kept
 */
public record PlanContext(
    Recipe recipe, Map<String, String> libraries, String gitCommit, String storeRoot) {}
