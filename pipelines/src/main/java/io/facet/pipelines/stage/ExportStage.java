package io.facet.pipelines.stage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.service.AutoService;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.embed.OnnxExport;
import io.facet.models.embed.Precision;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.publish.ExportJob;
import io.facet.transforms.publish.ExportUnit;
import io.facet.transforms.train.FrozenImportUnit;
import io.facet.transforms.unit.RunUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Students in other precisions: one instance for each student and precision. */
@AutoService(Stage.class)
public final class ExportStage implements Stage {
  /** Numbers of the network before its export, which may store others beside them. */
  static final String PARAMETERS = "parameters";

  /**
   * A student in another precision.
   *
   * @param student as it was trained
   * @param precision of its export
   */
  record Variant(DistillStage.Student student, Precision precision) {
    /** {@code cakd-int8}: all seeds of it share a line of the leaderboard. */
    String method() {
      return student.name() + "-" + precision.key();
    }

    /** {@code cakd-int8#1}. */
    String label() {
      return method() + "#" + student.seed();
    }

    String instance() {
      return StageInstance.name(Stages.EXPORT, label());
    }
  }

  /** All variants of a recipe, students first. */
  static List<Variant> variants(Recipe recipe) {
    List<Variant> variants = new ArrayList<>();
    for (DistillStage.Student student : DistillStage.students(recipe)) {
      recipe.export().precisions().stream()
          .distinct()
          .forEach(precision -> variants.add(new Variant(student, precision)));
    }
    return variants;
  }

  @Override
  public String name() {
    return Stages.EXPORT;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    Recipe recipe = context.recipe();
    List<Variant> variants = variants(recipe);
    if (!variants.isEmpty() && !OnnxExport.canExport(recipe.distill().student())) {
      throw new RecipeException(
          "export.precisions: backbone '%s' has no ONNX form; remove them, or choose another student"
              .formatted(recipe.distill().student().key()));
    }
    List<StageInstance> instances = new ArrayList<>();
    for (Variant variant : variants) {
      FingerprintInputs inputs =
          new FingerprintInputs()
              .option("precision", variant.precision())
              .libraries(Libraries.of(context, "onnxruntime"));
      boolean calibrates = recipe.distill().quantisation().isEmpty();
      if (variant.precision() == Precision.INT8 && calibrates) {
        Hardware.addTo(inputs, recipe)
            .options("calibration", recipe.export().calibration())
            .option("seed", recipe.seed());
      }
      instances.add(
          StageInstance.of(
                  name(),
                  variant.label(),
                  List.of(variant.student().instance(), Stages.INGEST, Stages.ALIGN),
                  inputs)
              .withRecipe(excerpt(recipe)));
    }
    return instances;
  }

  /** The section, and the network that is exported. */
  private static ObjectNode excerpt(Recipe recipe) {
    ObjectNode excerpt = (ObjectNode) RecordBinder.toTree(recipe.export());
    excerpt.set("student", RecordBinder.toTree(recipe.distill()).get("student"));
    return excerpt;
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Recipe recipe = context.recipe();
    Variant variant =
        variants(recipe).stream()
            .filter(one -> one.label().equals(context.instance().label()))
            .findFirst()
            .orElseThrow();
    ExportJob job =
        new ExportJob(
            ModelAttachment.uri(context.parent(variant.student().instance())),
            variant.precision(),
            recipe.export().calibration(),
            context.parent(Stages.INGEST).tableUris("samples"),
            Faces.of(context.parent(Stages.INGEST), context.parent(Stages.ALIGN)),
            recipe.seed());
    StageJob.runInOneTask(
        context,
        pipeline ->
            pipeline.apply("Export", RunUnit.of(ExportUnit.class, job, context.attempt().uri())));
    return new StageResult()
        .attachment(FrozenImportUnit.MODEL)
        .attachment(ExportUnit.ONNX)
        .metric(PARAMETERS, Backbone.create(recipe.distill().student()).parameterCount())
        .note("precision", variant.precision().key())
        .note("teacher", DistillStage.taughtBy(variant.student(), recipe.distill()));
  }
}
