package io.facet.pipelines.plan;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The instances a recipe asks for, every one after its dependencies, and which are there already.
 *
 * @param context what it was planned from
 * @param instances in the order of execution
 */
public record Plan(PlanContext context, List<PlannedInstance> instances) {

  /**
   * Plans a recipe. Nothing is computed or written.
   *
   * @param stages all stages, in the order they should run where dependencies leave a choice
   */
  public static Plan of(List<Stage> stages, PlanContext context, ArtifactStore store) {
    checkOptions(stages, context);
    Map<String, Stage> stageOf = new HashMap<>();
    Map<String, StageInstance> declared = new LinkedHashMap<>();
    for (Stage stage : stages) {
      for (StageInstance instance : instances(stage, context)) {
        if (declared.put(instance.name(), instance) != null) {
          throw new IllegalStateException("two instances have the name " + instance.name());
        }
        stageOf.put(instance.name(), stage);
      }
    }
    Map<String, PlannedInstance> planned = new LinkedHashMap<>();
    for (StageInstance instance : ordered(declared)) {
      Map<String, String> parents = new TreeMap<>();
      instance
          .dependencies()
          .forEach(name -> parents.put(name, planned.get(name).fingerprint().digest()));
      planned.put(instance.name(), plan(stageOf.get(instance.name()), instance, parents, store));
    }
    return new Plan(context, List.copyOf(planned.values()));
  }

  private static void checkOptions(List<Stage> stages, PlanContext context) {
    Set<String> unknown = new TreeSet<>(context.recipe().stages().keySet());
    Set<String> known = new TreeSet<>();
    for (Stage stage : stages) {
      stage
          .optionsType()
          .ifPresent(
              type -> {
                context.options(stage.name(), type);
                known.add(stage.name());
                unknown.remove(stage.name());
              });
    }
    if (!unknown.isEmpty()) {
      throw new RecipeException(
          "stages: no stage with options is called %s; known: %s"
              .formatted(
                  String.join(", ", unknown), known.isEmpty() ? "none" : String.join(", ", known)));
    }
  }

  /** The instance of that name. */
  public Optional<PlannedInstance> instance(String name) {
    return instances.stream().filter(p -> p.instance().name().equals(name)).findFirst();
  }

  static PlannedInstance plan(
      Stage stage, StageInstance instance, Map<String, String> parents, ArtifactStore store) {
    Fingerprint fingerprint =
        Fingerprint.of(stage.name(), stage.formatVersion(), instance.inputs(), parents);
    ArtifactStore.Found found = store.find(stage.name(), fingerprint.digest());
    String why =
        found.artifact().isPresent()
            ? "made by run " + found.artifact().get().manifest().originRun()
            : found
                .damage()
                .map(damage -> "to be made again: " + damage)
                .orElseGet(() -> changes(instance, fingerprint, store));
    return new PlannedInstance(stage, instance, fingerprint, found.artifact(), why);
  }

  private static String changes(
      StageInstance instance, Fingerprint fingerprint, ArtifactStore store) {
    Optional<Artifact> earlier =
        store.listed(instance.stage()).stream()
            .filter(artifact -> artifact.manifest().instance().equals(instance.name()))
            .findFirst();
    return earlier
        .map(a -> fingerprint.differencesFrom(a.manifest().inputs(), a.manifest().parents()))
        .orElse("first run");
  }

  private static List<StageInstance> instances(Stage stage, PlanContext context) {
    try {
      List<StageInstance> instances = stage.instances(context);
      for (StageInstance instance : instances) {
        if (!instance.stage().equals(stage.name())) {
          throw new IllegalStateException(
              "stage %s declares %s".formatted(stage.name(), instance.name()));
        }
      }
      return instances;
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be planned: %s".formatted(stage.name(), e.getMessage()), e);
    }
  }

  private static List<StageInstance> ordered(Map<String, StageInstance> declared) {
    List<StageInstance> ordered = new ArrayList<>();
    Set<String> done = new LinkedHashSet<>();
    for (StageInstance instance : declared.values()) {
      visit(instance, declared, new LinkedHashSet<>(), done, ordered);
    }
    return ordered;
  }

  private static void visit(
      StageInstance instance,
      Map<String, StageInstance> declared,
      Set<String> path,
      Set<String> done,
      List<StageInstance> ordered) {
    if (done.contains(instance.name())) {
      return;
    }
    if (!path.add(instance.name())) {
      throw new IllegalStateException("instances depend on each other in a circle: " + path);
    }
    for (String dependency : instance.dependencies()) {
      StageInstance needed = declared.get(dependency);
      if (needed == null) {
        throw new IllegalStateException(
            "%s depends on %s, which no stage makes".formatted(instance.name(), dependency));
      }
      visit(needed, declared, path, done, ordered);
    }
    path.remove(instance.name());
    done.add(instance.name());
    ordered.add(instance);
  }
}
