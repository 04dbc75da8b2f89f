package io.facet.pipelines.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.RecipeException;
import io.facet.models.option.BindingException;
import io.facet.models.option.BindingFault;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.champion.GateContext;
import io.facet.pipelines.recipe.Recipe;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What stages are planned from.
 *
 * @param recipe resolved and checked
 * @param libraries versions of the libraries that compute, for fingerprints and manifests
 * @param gitCommit of the program, or {@code unknown}
 * @param storeRoot where artifacts and caches are kept
 * @param registered files of registered models that the recipe names
 * @param gate whom the gate compares the best student with; without it there is no gate
 */
public record PlanContext(
    Recipe recipe,
    Map<String, String> libraries,
    String gitCommit,
    String storeRoot,
    RegisteredFiles registered,
    Optional<GateContext> gate) {

  /**
   * Options of a stage: the recipe's section {@code stages.NAME}, all defaults without one.
   *
   * @throws RecipeException if they do not fit the record
   */
  public <O extends Record> O options(String stage, Class<O> type) {
    JsonNode section = recipe.stages().getOrDefault(stage, JsonNodeFactory.instance.objectNode());
    try {
      return RecordBinder.bind(type, section);
    } catch (BindingException e) {
      throw new RecipeException(
          e.faults().stream()
              .map(fault -> new BindingFault("/stages/" + stage + fault.pointer(), fault.message()))
              .map(BindingFault::toString)
              .collect(Collectors.joining("\n")),
          e);
    }
  }

  /** A plan without a gate. */
  public PlanContext(
      Recipe recipe, Map<String, String> libraries, String gitCommit, String storeRoot) {
    this(recipe, libraries, gitCommit, storeRoot, RegisteredFiles.NONE, Optional.empty());
  }

  /** The same with what the recipe's references to registered models mean. */
  public PlanContext withRegistered(RegisteredFiles found) {
    return new PlanContext(recipe, libraries, gitCommit, storeRoot, found, gate);
  }

  /** The same with a gate at its end. */
  public PlanContext withGate(GateContext against) {
    return new PlanContext(
        recipe, libraries, gitCommit, storeRoot, registered, Optional.of(against));
  }
}
