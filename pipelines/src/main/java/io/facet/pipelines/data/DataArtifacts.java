package io.facet.pipelines.data;

import io.facet.models.DataException;
import io.facet.models.prompt.PromptMode;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlannedInstance;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.stage.Stages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The artifacts that a look at data reads.
 *
 * @param ingest samples
 * @param align faces
 * @param teacher whose outputs are used, empty without any
 * @param model the teacher
 * @param features the teacher's outputs for training faces
 * @param evaluation the teacher's embeddings of verification sets
 */
public record DataArtifacts(
    Artifact ingest,
    Artifact align,
    String teacher,
    Optional<Artifact> model,
    Optional<Artifact> features,
    Optional<Artifact> evaluation) {

  /**
   * The part of a plan that a look needs and that trains nothing: sources, faces, and the outputs
   * of teachers that come as files. Trained teachers count if they are there already.
   *
   * @param withTeacher whether a teacher's outputs are wanted
   */
  public static Plan part(Plan plan, boolean withTeacher) {
    List<String> names = new ArrayList<>(List.of(Stages.INGEST, Stages.ALIGN));
    Recipe recipe = plan.context().recipe();
    for (TeacherRecipe teacher : withTeacher ? recipe.teachers() : List.<TeacherRecipe>of()) {
      List<String> wanted =
          List.of(Stages.TEACHER, Stages.PROMPT, Stages.EVALUATE).stream()
              .map(stage -> StageInstance.name(stage, teacher.name()))
              .filter(name -> plan.instance(name).isPresent())
              .toList();
      boolean there =
          wanted.stream().allMatch(name -> plan.instance(name).orElseThrow().cached().isPresent());
      boolean given = teacher.training().isEmpty() && recipe.prompt().mode() != PromptMode.STAGED;
      if (there || given) {
        names.addAll(wanted);
      }
    }
    List<PlannedInstance> instances = new ArrayList<>(plan.instances());
    Collections.reverse(instances);
    for (PlannedInstance planned : instances) { // each before what it is made from
      if (names.contains(planned.instance().name())) {
        names.addAll(planned.instance().dependencies());
      }
    }
    return new Plan(
        plan.context(),
        plan.instances().stream()
            .filter(planned -> names.contains(planned.instance().name()))
            .toList());
  }

  /** Those of a plan whose instances are all there. */
  public static DataArtifacts of(Plan part) {
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    for (PlannedInstance planned : part.instances()) {
      planned.cached().ifPresent(made -> artifacts.put(planned.instance().name(), made));
    }
    return of(artifacts, "the recipe");
  }

  /**
   * Those of a run.
   *
   * @throws DataException if it did not come so far, or they are no longer in the store
   */
  public static DataArtifacts of(RunRecord run, ArtifactStore store) {
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    for (RunRecord.Instance instance : run.instances()) {
      store
          .find(instance.stage(), instance.fingerprint())
          .artifact()
          .ifPresent(made -> artifacts.put(instance.name(), made));
    }
    return of(artifacts, "run " + run.run());
  }

  /** The first teacher with outputs for training faces is used. */
  private static DataArtifacts of(Map<String, Artifact> artifacts, String of) {
    Optional<Artifact> features =
        artifacts.values().stream()
            .filter(one -> one.manifest().table("teacher_features").isPresent())
            .findFirst();
    String teacher =
        features.map(one -> one.manifest().instance().replaceAll(".*\\[(.*)]", "$1")).orElse("");
    return new DataArtifacts(
        need(artifacts, Stages.INGEST, of),
        need(artifacts, Stages.ALIGN, of),
        teacher,
        Optional.ofNullable(artifacts.get(StageInstance.name(Stages.TEACHER, teacher))),
        features,
        Optional.ofNullable(artifacts.get(StageInstance.name(Stages.EVALUATE, teacher)))
            .filter(one -> one.manifest().table("embeddings").isPresent()));
  }

  private static Artifact need(Map<String, Artifact> artifacts, String name, String of) {
    return Optional.ofNullable(artifacts.get(name))
        .orElseThrow(
            () ->
                new DataException(
                    "%s: its artifact %s is not in the store; run the recipe, or name the recipe's file"
                        .formatted(of, name)));
  }
}
