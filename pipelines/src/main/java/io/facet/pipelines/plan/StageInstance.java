package io.facet.pipelines.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.SortedMap;

/**
 * One artifact to be: a stage, or one of several of its kind.
 *
 * @param stage name of the stage, {@code distill}
 * @param label tells instances of a stage apart, {@code cakd#1}; empty if there is only one
 * @param dependencies names of the instances whose artifacts it reads
 * @param inputs what decides its content, parents left out; from {@link FingerprintInputs}
 * @param recipe the part of the recipe it is made by, for the manifest
 * @param tolerant whether it is made from the dependencies that remain when others failed (at least
 *     one of each stage must remain)
 * @param notes what planning found and a person should know; no part of its content
 */
public record StageInstance(
    String stage,
    String label,
    List<String> dependencies,
    SortedMap<String, String> inputs,
    JsonNode recipe,
    boolean tolerant,
    List<String> notes) {
  public StageInstance {
    dependencies = List.copyOf(dependencies);
    notes = List.copyOf(notes);
  }

  /** An instance that needs all its dependencies. */
  public static StageInstance of(
      String stage, String label, List<String> dependencies, FingerprintInputs inputs) {
    return new StageInstance(
        stage,
        label,
        dependencies,
        inputs.build(),
        JsonNodeFactory.instance.objectNode(),
        false,
        List.of());
  }

  /** The stage of an instance, given its name: {@code distill} of {@code distill[cakd#1]}. */
  public static String stageOf(String instance) {
    return instance.replaceAll("\\[.*", "");
  }

  /** The same with its part of the recipe. */
  public StageInstance withRecipe(JsonNode excerpt) {
    return new StageInstance(stage, label, dependencies, inputs, excerpt, tolerant, notes);
  }

  /** The same, made from the dependencies that remain when others fail. */
  public StageInstance tolerating() {
    return new StageInstance(stage, label, dependencies, inputs, recipe, true, notes);
  }

  /** The same with what planning found. */
  public StageInstance withNotes(List<String> found) {
    return new StageInstance(stage, label, dependencies, inputs, recipe, tolerant, found);
  }

  /** {@code align} or {@code distill[cakd#1]}. */
  public String name() {
    return name(stage, label);
  }

  /** The name of an instance, for dependencies. */
  public static String name(String stage, String label) {
    return label.isEmpty() ? stage : stage + "[" + label + "]";
  }
}
