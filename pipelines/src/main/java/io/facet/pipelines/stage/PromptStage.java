package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.option.RecordBinder;
import io.facet.models.prompt.PromptMode;
import io.facet.models.train.teacher.FeatureType;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherCache;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.transforms.attempt.CountWork;
import io.facet.transforms.embed.CacheTeacher;
import io.facet.transforms.embed.ChooseFaces;
import io.facet.transforms.embed.FaceFiles;
import io.facet.transforms.embed.TeacherModel;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.train.ClassifierCheckJob;
import io.facet.transforms.train.ClassifierCheckUnit;
import io.facet.transforms.train.NetworkTraining;
import io.facet.transforms.train.PromptJob;
import io.facet.transforms.train.PromptUnit;
import io.facet.transforms.unit.RunUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes a teacher ready to teach: its prompts and saliency map, and its outputs for every
 * training face, cached for the methods that take it as a constant, unless they are too many or the
 * recipe lets it run live.
 */
@AutoService(Stage.class)
public final class PromptStage implements Stage {
  static final String FEATURES = "teacher_features";

  private static final Logger LOG = LoggerFactory.getLogger(PromptStage.class);

  @Override
  public String name() {
    return Stages.PROMPT;
  }

  @Override
  public int formatVersion() {
    return 4; // 4: trainings read teacher outputs in place
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    List<StageInstance> instances = new ArrayList<>();
    for (TeacherNeeds needs : TeacherNeeds.of(context.recipe())) {
      instances.add(
          StageInstance.of(
                  name(),
                  needs.teacher(),
                  List.of(
                      Stages.INGEST,
                      Stages.ALIGN,
                      Stages.PACK,
                      StageInstance.name(Stages.TEACHER, needs.teacher())),
                  inputs(context, needs))
              .withRecipe(RecordBinder.toTree(context.recipe().prompt())));
    }
    return instances;
  }

  private static FingerprintInputs inputs(PlanContext context, TeacherNeeds needs) {
    FingerprintInputs inputs =
        new FingerprintInputs()
            .option("mode", needs.mode())
            .option("cached", needs.cached())
            .option("taps", needs.cached() ? needs.taps() : List.of())
            .option("saliency", needs.saliency())
            .libraries(Libraries.of(context, "pytorch", "djl", "onnxruntime", "opencv"));
    if (needs.constant() && needs.cache() != TeacherCache.AUTO) {
      inputs.option("cache", needs.cache());
    }
    if (needs.cached() && needs.type() != FeatureType.FLOAT32) {
      inputs.option("cacheType", needs.type());
    }
    if (needs.mode() != PromptMode.NONE) {
      inputs.options("prompt", context.recipe().prompt()).option("seed", context.recipe().seed());
    }
    return Hardware.addTo(inputs, context.recipe());
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    TeacherNeeds needs =
        TeacherNeeds.of(context.recipe()).stream()
            .filter(n -> n.teacher().equals(context.instance().label()))
            .findFirst()
            .orElseThrow();
    long faces = context.parent(Stages.ALIGN).manifest().table("faces").orElseThrow().rows();
    FeatureBytes bytes = FeatureBytes.of(context.recipe(), needs);
    if (needs.constant() && !bytes.cached(faces)) {
      LOG.info("{}", bytes.said(faces));
    }
    checkClassifier(context, needs.teacher());
    StageResult result = new StageResult();
    if (needs.mode() != PromptMode.NONE || needs.saliency()) {
      TrainingStageRun.run(context, PromptUnit.class, job(context, needs));
      result = TrainingStageRun.tables(context);
    }
    for (String file : List.of(NetworkTraining.PROMPTS, PromptUnit.SALIENCY)) {
      if (context.attempt().contains(file)) {
        result.attachment(file);
      }
    }
    if (needs.constant()) {
      result.note("cache", bytes.said(faces));
    }
    if (needs.constant() && bytes.cached(faces)) {
      cache(context, needs, faces);
      result.table(FEATURES, FeatureRow.class);
    }
    return result;
  }

  /**
   * An imported model file knows of which identities its class weights are, which is compared
   * before the teacher's outputs are computed; any other teacher's are of the training set's.
   */
  private static void checkClassifier(StageContext context, String name) {
    TeacherRecipe teacher = context.recipe().teacher(name).orElseThrow();
    Optional<String> reader = ClassifierReaders.first(context.recipe(), name);
    if (teacher.weights().isEmpty() || teacher.classifier().isPresent() || reader.isEmpty()) {
      return;
    }
    ClassifierCheckJob job =
        new ClassifierCheckJob(
            name,
            reader.get(),
            ModelAttachment.uri(context.parent(StageInstance.name(Stages.TEACHER, name))),
            PackStage.files(context));
    StageJob.runInOneTask(
        context,
        pipeline ->
            pipeline.apply(
                "CheckClassifier",
                RunUnit.of(ClassifierCheckUnit.class, job, context.attempt().uri())));
  }

  private static PromptJob job(StageContext context, TeacherNeeds needs) {
    Recipe recipe = context.recipe();
    return new PromptJob(
        context.instance().name(),
        needs.teacher(),
        ModelAttachment.uri(teacher(context, needs)),
        PackStage.files(context),
        recipe.prompt(),
        needs.saliency(),
        recipe.seed(),
        Hardware.threads(recipe),
        Hardware.device(recipe),
        recipe.precision());
  }

  private static Artifact teacher(StageContext context, TeacherNeeds needs) {
    return context.parent(StageInstance.name(Stages.TEACHER, needs.teacher()));
  }

  private static void cache(StageContext context, TeacherNeeds needs, long rows) {
    Artifact ingest = context.parent(Stages.INGEST);
    Artifact align = context.parent(Stages.ALIGN);
    boolean staged = needs.mode() == PromptMode.STAGED;
    TeacherModel teacher =
        new TeacherModel(
            ModelAttachment.uri(teacher(context, needs)),
            staged ? context.attempt().uri(NetworkTraining.PROMPTS) : "",
            staged ? context.recipe().prompt().tokens() : 0,
            needs.taps(),
            needs.type(),
            Hardware.device(context.recipe()));
    String attempt = context.attempt().uri();
    StageJob.run(
        context,
        pipeline -> {
          PCollection<String> trained =
              pipeline
                  .apply(
                      "ReadSamples",
                      FacetParquetIO.read(SampleRow.class).from(ingest.tableUris("samples")))
                  .apply("Train", Filter.by(sample -> sample.split().equals(SampleRow.TRAIN)))
                  .apply(
                      "ImageIds",
                      MapElements.into(TypeDescriptors.strings()).via(SampleRow::imageId));
          FaceFiles faces = Faces.of(ingest, align, Set.of(SampleRow.TRAIN));
          trained
              .apply("TrainFaces", ChooseFaces.from(faces))
              .apply("Expected", CountWork.expected(attempt))
              .apply("CacheTeacher", CacheTeacher.of(teacher, rows))
              .apply("Done", CountWork.done(attempt, PromptStage::endsFace))
              .apply("WriteFeatures", FacetParquetIO.write(FeatureRow.class, FEATURES).to(attempt));
        });
  }

  /** Of the rows of one face the embedding of its last view. */
  private static boolean endsFace(FeatureRow row) {
    return row.view() == FeatureRow.MIRRORED && row.tap().equals(FeatureRow.EMBEDDING);
  }
}
