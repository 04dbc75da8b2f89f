package io.facet.pipelines.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.backbone.Backbone;
import io.facet.models.embed.OnnxExport;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.card.CardText;
import io.facet.pipelines.card.MlflowModel;
import io.facet.pipelines.card.ModelCard;
import io.facet.pipelines.card.Published;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.publish.PublishJob;
import io.facet.transforms.publish.PublishUnit;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.train.NetworkTraining;
import io.facet.transforms.unit.RunUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The best student by validation, exported to ONNX and compared with the original, with its card
 * and the folder that makes it an MLflow model. The evaluations are read for the card alone.
 */
@AutoService(Stage.class)
public final class PublishStage implements Stage {
  private static final String VALIDATION = "validation/accuracy";
  private static final int PARITY_FACES = 64;

  @Override
  public String name() {
    return Stages.PUBLISH;
  }

  @Override
  public int formatVersion() {
    return 2; // 2: a card with the evaluation's figures, and the folder of an MLflow model
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
    students.forEach(
        student -> dependencies.add(StageInstance.name(Stages.EVALUATE, student.label())));
    dependencies.add(Stages.INGEST);
    dependencies.add(Stages.ALIGN);
    return List.of(
        StageInstance.of(
                name(),
                "",
                dependencies,
                new FingerprintInputs()
                    .options(recipe.publish())
                    .option("name", recipe.publish().model(recipe.name()))
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
            Faces.of(context.parent(Stages.INGEST), context.parent(Stages.ALIGN)),
            PARITY_FACES,
            context.recipe().publish().parity());
    StageJob.runInOneTask(
        context,
        pipeline ->
            pipeline.apply("Publish", RunUnit.of(PublishUnit.class, job, context.attempt().uri())));
    Published published = published(context, best, model);
    StageResult result = new StageResult().attachment(PublishUnit.MODEL).note("model", model);
    write(context, published, result);
    Selected<Backbone<?>> student = context.recipe().distill().student();
    if (OnnxExport.canExport(student)) {
      result.attachment(PublishUnit.ONNX).attachment(PublishUnit.PARITY);
    } else {
      result.note("onnx", "none: backbone '%s' has no ONNX form".formatted(student.key()));
    }
    Double validation = best.manifest().metrics().get(VALIDATION);
    return validation == null ? result : result.metric(VALIDATION, validation);
  }

  private static Published published(StageContext context, Artifact best, String model)
      throws IOException {
    ModelFile file = ModelFile.read(context.attempt().get(PublishUnit.MODEL), PublishUnit.MODEL);
    Optional<Artifact> evaluation =
        Optional.ofNullable(context.parents().get(StageInstance.name(Stages.EVALUATE, model)));
    return new Published(
        context.recipe(),
        model,
        context.fingerprint().digest(),
        file,
        context.parent(Stages.INGEST).manifest(),
        context.parent(Stages.ALIGN).manifest(),
        best.manifest(),
        evaluation.map(Artifact::manifest),
        evaluation
            .map(one -> ParquetTable.readAll(MetricRow.class, one.tableUris("metrics")))
            .orElse(List.of()),
        OnnxExport.canExport(file)
            ? Optional.of(context.attempt().get(PublishUnit.ONNX))
            : Optional.empty());
  }

  /** The card, and the folder that MLflow loads if there is an ONNX file. */
  private static void write(StageContext context, Published published, StageResult result)
      throws IOException {
    JsonNode card = ModelCard.of(published);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(ModelCard.JSON, EvaluationPlots.utf8(JsonText.pretty(card)));
    files.put(ModelCard.MARKDOWN, EvaluationPlots.utf8(CardText.markdown(card)));
    if (published.onnx().isPresent()) {
      Map<String, byte[]> folder = new LinkedHashMap<>(MlflowModel.files(published, card));
      folder.putAll(files);
      folder.forEach((name, bytes) -> files.put(MlflowModel.FOLDER + "/" + name, bytes));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      context.attempt().put(file.getKey(), file.getValue());
      result.attachment(file.getKey());
    }
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
