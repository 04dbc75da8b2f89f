package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.RecipeException;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.quantise.QuantisedNetwork;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.ChosenTeachers;
import io.facet.pipelines.recipe.DistillRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.train.TrainingJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Students: one for each method and seed. */
@AutoService(Stage.class)
public final class DistillStage implements Stage {
  /**
   * One student of a recipe.
   *
   * @param name of the method in this recipe
   * @param method how it is taught
   * @param seed of its training
   */
  record Student(String name, Selected<DistillationMethod<?>> method, long seed) {
    /** {@code cakd#1}. */
    String label() {
      return name + "#" + seed;
    }

    String instance() {
      return StageInstance.name(Stages.DISTILL, label());
    }
  }

  /** All students, methods first. */
  static List<Student> students(Recipe recipe) {
    List<Student> students = new ArrayList<>();
    List<String> names = recipe.distill().methodNames();
    for (int i = 0; i < names.size(); i++) {
      for (long seed : recipe.distill().seeds()) {
        students.add(new Student(names.get(i), recipe.distill().methods().get(i), seed));
      }
    }
    return students;
  }

  @Override
  public String name() {
    return Stages.DISTILL;
  }

  @Override
  public int formatVersion() {
    return 2;
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    DistillRecipe distill = context.recipe().distill();
    if (distill.quantisation().isPresent()) {
      QuantisedNetwork.check(distill.student());
      if (distill.initial().isEmpty()) {
        throw new RecipeException(
            "distill.quantisation: a student that learns to compute in int8 starts from trained weights; name them with distill.initial, or remove it");
      }
    }
    List<StageInstance> instances = new ArrayList<>();
    for (Student student : students(context.recipe())) {
      FingerprintInputs inputs =
          Trainings.inputs(context, student.seed(), distill.initial())
              .options("student", distill.student())
              .options("method", student.method())
              .options("head", distill.head())
              .options("training", distill.options());
      distill
          .quantisation()
          .ifPresent(
              how ->
                  inputs
                      .options("quantisation", how)
                      .version("quantisation", QuantisedNetwork.VERSION));
      instances.add(
          StageInstance.of(
                  name(),
                  student.label(),
                  Trainings.dependencies(student.method(), distill.teacher()),
                  inputs)
              .withRecipe(RecordBinder.toTree(distill))
              .withNotes(WeightsFiles.notes(distill.initial(), context)));
    }
    return instances;
  }

  /** Names of its teachers. */
  static String taughtBy(Student student, DistillRecipe distill) {
    return String.join(", ", ChosenTeachers.of(student.method(), distill.teacher()).keySet());
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Recipe recipe = context.recipe();
    DistillRecipe distill = recipe.distill();
    Student student =
        students(recipe).stream()
            .filter(s -> s.label().equals(context.instance().label()))
            .findFirst()
            .orElseThrow();
    Artifact ingest = context.parent(Stages.INGEST);
    return TrainingStageRun.train(
            context,
            new TrainingJob(
                context.instance().name(),
                distill.student(),
                Trainings.preprocessing(recipe, distill.initial()),
                Trainings.start(distill.initial(), context.plan()),
                PackStage.files(context),
                student.method(),
                distill.head(),
                Optional.empty(),
                distill.options(),
                distill.quantisation(),
                student.seed(),
                Trainings.validation(recipe, ingest),
                Hardware.threads(recipe),
                Hardware.device(recipe),
                recipe.precision(),
                distill.teacher(),
                Trainings.teachers(context, student.method(), distill.teacher())))
        .note("method", student.method().key())
        .note("teacher", taughtBy(student, distill))
        .note("seed", Long.toString(student.seed()))
        .note("source", ChosenMethod.of(student.method()).source());
  }
}
