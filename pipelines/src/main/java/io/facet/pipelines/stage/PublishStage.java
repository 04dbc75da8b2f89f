package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.backbone.Backbone;
import io.facet.models.embed.OnnxExport;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.publish.PublishJob;
import io.facet.transforms.publish.PublishUnit;
import io.facet.transforms.train.NetworkTraining;
import io.facet.transforms.unit.RunUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The best student by validation, exported to ONNX and compared with the original. */
@AutoService(Stage.class)
public final class PublishStage implements Stage {
  /** What people should know about the student. */
  static final String CARD = "model-card.md";

  private static final String VALIDATION = "validation/accuracy";
  private static final int PARITY_FACES = 64;

  @Override
  public String name() {
    return Stages.PUBLISH;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    Recipe recipe = context.recipe();
    List<DistillStage.Student> students = DistillStage.students(recipe);
    if (!recipe.publish().enabled() || students.isEmpty()) {
      return List.of();
    }
    List<String> dependencies = new ArrayList<>();
    students.forEach(student -> dependencies.add(student.instance()));
    dependencies.add(Stages.ALIGN);
    return List.of(
        StageInstance.of(
                name(),
                "",
                dependencies,
                new FingerprintInputs()
                    .options(recipe.publish())
                    .libraries(Libraries.of(context, "pytorch", "djl", "onnxruntime")))
            .withRecipe(RecordBinder.toTree(recipe.publish()))
            .tolerating());
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Artifact best = best(context.parentsOf(Stages.DISTILL));
    String model = best.manifest().instance().replaceAll("^distill\\[|]$", "");
    PublishJob job =
        new PublishJob(
            model,
            best.attachmentUri(NetworkTraining.MODEL),
            context.parent(Stages.ALIGN).tableUris("faces"),
            PARITY_FACES,
            context.recipe().publish().parity());
    StageJob.runInOneTask(
        context,
        pipeline ->
            pipeline.apply("Publish", RunUnit.of(PublishUnit.class, job, context.attempt().uri())));
    String card = Redaction.text(ModelCard.of(context.recipe(), best, model));
    context.attempt().put(CARD, EvaluationPlots.utf8(card));
    StageResult result =
        new StageResult().attachment(PublishUnit.MODEL).attachment(CARD).note("model", model);
    Selected<Backbone<?>> student = context.recipe().distill().student();
    if (OnnxExport.canExport(student)) {
      result.attachment(PublishUnit.ONNX).attachment(PublishUnit.PARITY);
    } else {
      result.note("onnx", "none: backbone '%s' has no ONNX form".formatted(student.key()));
    }
    Double validation = best.manifest().metrics().get(VALIDATION);
    return validation == null ? result : result.metric(VALIDATION, validation);
  }

  /** Never judged by a verification set: that would be choosing on the test. */
  private static Artifact best(List<Artifact> students) {
    return students.stream()
        .max(
            Comparator.comparingDouble(
                    (Artifact student) ->
                        student.manifest().metrics().getOrDefault(VALIDATION, -1.0))
                .thenComparing(student -> student.manifest().instance(), Comparator.reverseOrder()))
        .orElseThrow();
  }
}
