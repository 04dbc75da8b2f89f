package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.backbone.Backbone;
import io.facet.models.embed.FrozenModel;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.ClassifierRecipe;
import io.facet.pipelines.recipe.FrozenRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.pipelines.recipe.WeightsRecipe;
import io.facet.transforms.train.FrozenImportJob;
import io.facet.transforms.train.FrozenImportUnit;
import io.facet.transforms.train.ImportJob;
import io.facet.transforms.train.ImportUnit;
import io.facet.transforms.train.NetworkTraining;
import io.facet.transforms.train.TrainingJob;
import io.facet.transforms.unit.RunUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Teachers: imported from a file of weights or a finished program, or trained like any student. */
@AutoService(Stage.class)
public final class TeacherStage implements Stage {
  @Override
  public String name() {
    return Stages.TEACHER;
  }

  @Override
  public int formatVersion() {
    return 2;
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    List<StageInstance> instances = new ArrayList<>();
    for (TeacherRecipe teacher : context.recipe().teachers()) {
      instances.add(
          instance(context, teacher)
              .withRecipe(RecordBinder.toTree(teacher))
              .withNotes(notes(context, teacher)));
    }
    return instances;
  }

  private static List<String> notes(PlanContext context, TeacherRecipe teacher) {
    return teacher.frozen().isPresent()
        ? WeightsFiles.notes(teacher.frozen().get(), context)
        : WeightsFiles.notes(
            teacher
                .weights()
                .or(() -> teacher.training().flatMap(TeacherRecipe.TeacherTraining::initial)),
            context);
  }

  private StageInstance instance(PlanContext context, TeacherRecipe teacher) {
    if (teacher.frozen().isPresent()) {
      return frozen(context, teacher, teacher.frozen().get());
    }
    return teacher.weights().isPresent()
        ? imported(context, teacher, teacher.weights().get())
        : trained(context, teacher, teacher.training().orElseThrow());
  }

  private StageInstance frozen(PlanContext context, TeacherRecipe teacher, FrozenRecipe frozen) {
    FingerprintInputs inputs =
        new FingerprintInputs()
            .option("kind", teacher.kind())
            .option("embedding", frozen.embedding());
    WeightsFiles.addTo(inputs, "program", frozen, context);
    frozen.input().ifPresent(input -> inputs.options("input", input));
    frozen.output().ifPresent(output -> inputs.option("output", output));
    if (teacher.kind() == FrozenModel.Kind.ONNX) {
      WeightsFiles.besideSha256(frozen, context)
          .forEach((file, digest) -> inputs.content("program/" + file, digest));
    }
    return StageInstance.of(
        name(),
        teacher.name(),
        TeacherClassifiers.dependencies(teacher),
        TeacherClassifiers.addTo(inputs, teacher, frozen.embedding(), context));
  }

  private StageInstance imported(
      PlanContext context, TeacherRecipe teacher, WeightsRecipe weights) {
    FingerprintInputs inputs =
        new FingerprintInputs()
            .options("backbone", teacher.network())
            .options("input", weights.input())
            .option("naming", weights.naming());
    WeightsFiles.addTo(inputs, "weights", weights, context);
    TeacherClassifiers.requireKept(teacher, weights, context);
    int width = Backbone.create(teacher.network()).embeddingSize();
    return StageInstance.of(
        name(),
        teacher.name(),
        TeacherClassifiers.dependencies(teacher),
        TeacherClassifiers.addTo(inputs, teacher, width, context));
  }

  private StageInstance trained(
      PlanContext context, TeacherRecipe teacher, TeacherRecipe.TeacherTraining training) {
    List<String> dependencies =
        new ArrayList<>(Trainings.dependencies(training.method(), training.from()));
    training.classifier().map(TeacherStage::instance).ifPresent(dependencies::add);
    return StageInstance.of(
        name(),
        teacher.name(),
        dependencies.stream().distinct().toList(),
        Trainings.inputs(context, context.recipe().seed(), training.initial())
            .options("backbone", teacher.network())
            .options("training", training));
  }

  /** The instance that makes the class weights. */
  private static String instance(ClassifierRecipe classifier) {
    return StageInstance.name(Stages.TEACHER, classifier.from());
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Recipe recipe = context.recipe();
    TeacherRecipe teacher = recipe.teacher(context.instance().label()).orElseThrow();
    if (teacher.frozen().isPresent()) {
      return freezes(context, teacher, teacher.frozen().get());
    }
    return teacher.weights().isPresent()
        ? imports(context, teacher, teacher.weights().get())
        : trains(context, teacher, teacher.training().orElseThrow());
  }

  private static StageResult freezes(
      StageContext context, TeacherRecipe teacher, FrozenRecipe frozen) {
    String template = context.recipe().align().template().key();
    FrozenImportJob job =
        new FrozenImportJob(
            teacher.name(),
            teacher.kind(),
            WeightsFiles.uri(frozen, context.plan()),
            frozen.sha256().orElse(""),
            frozen.embedding(),
            frozen.input().map(input -> input.preprocessing(template)),
            frozen.output(),
            TeacherClassifiers.job(context, teacher));
    StageJob.runInOneTask(
        context,
        pipeline ->
            pipeline.apply(
                "Import", RunUnit.of(FrozenImportUnit.class, job, context.attempt().uri())));
    return new StageResult().attachment(FrozenImportUnit.MODEL);
  }

  private static StageResult imports(
      StageContext context, TeacherRecipe teacher, WeightsRecipe weights) {
    ImportJob job =
        new ImportJob(
            teacher.name(),
            teacher.network(),
            weights.input().preprocessing(context.recipe().align().template().key()),
            WeightsFiles.uri(weights, context.plan()),
            weights.naming(),
            weights.sha256().orElse(""),
            TeacherClassifiers.job(context, teacher));
    StageJob.runInOneTask(
        context,
        pipeline ->
            pipeline.apply("Import", RunUnit.of(ImportUnit.class, job, context.attempt().uri())));
    return new StageResult().attachment(NetworkTraining.MODEL);
  }

  private static StageResult trains(
      StageContext context, TeacherRecipe teacher, TeacherRecipe.TeacherTraining training)
      throws IOException {
    Artifact ingest = context.parent(Stages.INGEST);
    Recipe recipe = context.recipe();
    return TrainingStageRun.train(
        context,
        new TrainingJob(
            context.instance().name(),
            teacher.network(),
            Trainings.preprocessing(recipe, training.initial()),
            Trainings.start(training.initial(), context.plan()),
            PackStage.files(context),
            training.method(),
            training.head(),
            training
                .classifier()
                .map(
                    classifier ->
                        new TrainingJob.Classifier(
                            classifier.from(),
                            ModelAttachment.uri(context.parent(instance(classifier))),
                            classifier.frozen())),
            training.options(),
            Optional.empty(),
            recipe.seed(),
            Trainings.validation(recipe, ingest),
            Hardware.threads(recipe),
            Hardware.device(recipe),
            recipe.precision(),
            training.from(),
            Trainings.teachers(context, training.method(), training.from())));
  }
}
