package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.backbone.Backbone;
import io.facet.models.embed.AnyEmbedder;
import io.facet.models.embed.FrozenModel;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.option.RecordBinder;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.GateContext;
import io.facet.pipelines.leaderboard.EfficiencyTable;
import io.facet.pipelines.leaderboard.Evaluations;
import io.facet.pipelines.leaderboard.Leaderboard;
import io.facet.pipelines.leaderboard.LeaderboardTable;
import io.facet.pipelines.leaderboard.TemplateTable;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.EvaluateRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.attempt.CountWork;
import io.facet.transforms.embed.ChooseFaces;
import io.facet.transforms.embed.EmbedFaces;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.MeasurePairs;
import io.facet.transforms.score.ScorePairs;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Measures each model on every verification set, one instance a model, and ranks them in one last
 * instance. A new method is measured without measuring the others again.
 */
@AutoService(Stage.class)
public final class EvaluateStage implements Stage {
  /** Label, model name and role of the champion that a gate compares with. */
  static final String CHAMPION = "champion";

  public static final long BOOTSTRAP_SEED = 20_230_626;

  /** A model to measure, the instance that made it (none for the champion), and its original. */
  private record Model(
      VerificationMetrics.Subject subject, Optional<String> madeBy, Optional<String> exportOf) {
    Model(VerificationMetrics.Subject subject, Optional<String> madeBy) {
      this(subject, madeBy, Optional.empty());
    }
  }

  @Override
  public String name() {
    return Stages.EVALUATE;
  }

  @Override
  public int formatVersion() {
    return 7; // 7: which pairs were judged rightly is a table of its own
  }

  private static List<Model> models(PlanContext context) {
    Recipe recipe = context.recipe();
    List<Model> models = new ArrayList<>();
    if (recipe.evaluate().teachers()) {
      for (TeacherRecipe teacher : recipe.teachers()) {
        models.add(
            new Model(
                new VerificationMetrics.Subject(teacher.name(), "teacher", "", 0, false),
                Optional.of(StageInstance.name(Stages.TEACHER, teacher.name()))));
      }
    }
    for (DistillStage.Student student : DistillStage.students(recipe)) {
      models.add(
          new Model(
              new VerificationMetrics.Subject(
                  student.label(), "student", student.name(), student.seed(), false),
              Optional.of(student.instance())));
    }
    for (ExportStage.Variant variant : ExportStage.variants(recipe)) {
      models.add(
          new Model(
              new VerificationMetrics.Subject(
                  variant.label(), "student", variant.method(), variant.student().seed(), false),
              Optional.of(variant.instance()),
              Optional.of(variant.student().name())));
    }
    if (champion(context).isPresent()) {
      models.add(
          new Model(
              new VerificationMetrics.Subject(CHAMPION, CHAMPION, "", 0, false), Optional.empty()));
    }
    return models;
  }

  private static Optional<Champion> champion(PlanContext context) {
    return context.gate().flatMap(GateContext::champion);
  }

  /** How the recipe wants figures and their intervals. */
  public static VerificationMetrics.Options options(EvaluateRecipe evaluate) {
    return new VerificationMetrics.Options(
        evaluate.confidence(),
        evaluate.bootstrapSamples(),
        BOOTSTRAP_SEED,
        evaluate.falseAcceptRates(),
        evaluate.bootstrap());
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    List<StageInstance> instances = new ArrayList<>();
    List<String> names = new ArrayList<>();
    EvaluateRecipe evaluate = context.recipe().evaluate();
    for (Model model : models(context)) {
      List<String> dependencies = new ArrayList<>(List.of(Stages.INGEST, Stages.ALIGN));
      FingerprintInputs inputs =
          Hardware.addTo(inputs(evaluate.ofOneModel()), context.recipe())
              .libraries(Libraries.of(context, "pytorch", "djl", "onnxruntime", "opencv"));
      if (evaluate.memory()) {
        inputs.option("memory", true); // what was evaluated without it is not served
      }
      model
          .madeBy()
          .ifPresentOrElse(
              dependencies::add,
              () -> inputs.content(CHAMPION, champion(context).orElseThrow().weights().sha256()));
      StageInstance instance =
          StageInstance.of(name(), model.subject().model(), dependencies, inputs)
              .withRecipe(RecordBinder.toTree(evaluate.ofOneModel()));
      instances.add(instance);
      names.add(instance.name());
    }
    instances.add(
        StageInstance.of(name(), "", names, inputs(evaluate))
            .withRecipe(RecordBinder.toTree(evaluate))
            .tolerating());
    return instances;
  }

  private static FingerprintInputs inputs(EvaluateRecipe evaluate) {
    return new FingerprintInputs().options(evaluate);
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    return context.instance().label().isEmpty() ? rank(context) : measure(context);
  }

  private static StageResult rank(StageContext context) throws IOException {
    List<LeaderboardRow> rows =
        Leaderboard.rank(
            context.parents().values(),
            context.recipe().evaluate().baseline(),
            options(context.recipe().evaluate()));
    StageJob.run(
        context,
        pipeline ->
            pipeline
                .apply("Rows", Create.of(rows).withType(TypeDescriptor.of(LeaderboardRow.class)))
                .apply(
                    "Write",
                    FacetParquetIO.write(LeaderboardRow.class, Leaderboard.TABLE)
                        .inOneFile()
                        .to(context.attempt().uri())));
    double confidence = context.recipe().evaluate().confidence();
    TextTable templates = TemplateTable.of(context.parents().values(), confidence);
    TextTable ranked = LeaderboardTable.of(rows, confidence);
    String markdown =
        Stream.of(ranked, templates)
            .filter(table -> !table.isEmpty())
            .map(TextTable::toMarkdown)
            .collect(Collectors.joining("\n"));
    context.attempt().put(Leaderboard.MARKDOWN, EvaluationPlots.utf8(markdown));
    return new StageResult()
        .table(Leaderboard.TABLE, LeaderboardRow.class)
        .attachment(Leaderboard.MARKDOWN);
  }

  private static StageResult measure(StageContext context) throws IOException {
    Model model =
        models(context.plan()).stream()
            .filter(m -> m.subject().model().equals(context.instance().label()))
            .findFirst()
            .orElseThrow();
    String modelUri =
        model.madeBy().isPresent()
            ? ModelAttachment.uri(context.parent(model.madeBy().get()))
            : champion(context.plan()).orElseThrow().modelUri(context.plan().storeRoot());
    byte[] modelBytes = StoredFiles.read(modelUri);
    long parameters =
        model
            .madeBy()
            .map(maker -> context.parent(maker).manifest().metrics().get(ExportStage.PARAMETERS))
            .map(Double::longValue)
            .orElseGet(() -> parameters(modelBytes, modelUri));
    StageResult result = new StageResult();
    if (context.recipe().evaluate().memory()) {
      Efficiency.measureMemory(context, modelBytes, modelUri, result);
    }
    FlipFusion fusion = fusion(context.recipe().evaluate(), modelBytes, modelUri);
    run(
        context,
        model.subject().with(fusion == FlipFusion.SUM),
        modelUri,
        new Asked(fusion, parameters));
    String attempt = context.attempt().uri();
    result
        .table("embeddings", EmbeddingRow.class)
        .table("scores", ScoreRow.class)
        .table("identities", IdentityRow.class)
        .table(Evaluations.OUTCOMES, OutcomeRow.class)
        .table("metrics", MetricRow.class)
        .table("rejects", RejectRow.class)
        .metric("parameters", parameters);
    List<MetricRow> rows =
        ParquetTable.readAll(MetricRow.class, TableSummary.read(attempt, "metrics").uris(attempt));
    for (MetricRow row : rows) {
      if (!row.set().isEmpty()) {
        result.metric(row.set() + "/" + row.name(), row.value());
      }
    }
    VerificationMetrics.absent(rows, context.recipe().evaluate().falseAcceptRates())
        .forEach((figure, why) -> result.note(figure, "absent: " + why));
    if (TemplateBranch.isIn(context.recipe())) {
      TemplateBranch.addMeasured(context.recipe(), rows, result);
    }
    if (context.recipe().evaluate().latency()) {
      Efficiency.measure(modelBytes, modelUri, result);
    }
    model.exportOf().ifPresent(method -> result.note(EfficiencyTable.EXPORT_OF, method));
    Rejects.read(attempt).report(context, result);
    for (Map.Entry<String, byte[]> plot : EvaluationPlots.of(attempt, rows).entrySet()) {
      context.attempt().put(plot.getKey(), plot.getValue());
      result.attachment(plot.getKey());
    }
    return result;
  }

  private static long parameters(byte[] model, String name) {
    return FrozenModel.isFrozen(model)
        ? FrozenModel.read(model, name).storedNumbers(name)
        : Backbone.create(ModelFile.read(model, name).backbone()).parameterCount();
  }

  /** The recipe's flip fusion, or the one of the model. */
  private static FlipFusion fusion(EvaluateRecipe evaluate, byte[] model, String name) {
    return evaluate
        .flip()
        .map(flip -> flip ? FlipFusion.SUM : FlipFusion.NONE)
        .orElseGet(() -> AnyEmbedder.preprocessing(model, name).flipFusion());
  }

  /** How a model is used, and its size. */
  private record Asked(FlipFusion fusion, long parameters) {}

  private static void run(
      StageContext context, VerificationMetrics.Subject subject, String modelUri, Asked asked) {
    Artifact ingest = context.parent(Stages.INGEST);
    Artifact align = context.parent(Stages.ALIGN);
    String attempt = context.attempt().uri();
    VerificationMetrics.Options options = options(context.recipe().evaluate());
    long faces = align.manifest().table("faces").orElseThrow().rows();
    Set<String> sets = SourceSpecs.evaluated(context.recipe());
    long evaluated = ParquetTable.count(align.tableUris("faces", sets));
    long pairCount = ingest.manifest().table("pairs").orElseThrow().rows();
    StageJob.run(
        context,
        pipeline -> {
          PCollection<PairRow> pairs =
              pipeline.apply(
                  "ReadPairs", FacetParquetIO.read(PairRow.class).from(ingest.tableUris("pairs")));
          Optional<TemplateBranch> templates = TemplateBranch.of(pipeline, context, subject);
          PCollection<EmbeddingRow> raw =
              images(pairs, templates)
                  .apply("PairFaces", ChooseFaces.from(Faces.of(ingest, align, sets)))
                  .apply("Expected", CountWork.expected(attempt))
                  .apply(
                      "Embed",
                      EmbedFaces.with(subject.model(), modelUri, faces).with(asked.fusion()).raw())
                  .apply("Done", CountWork.done(attempt));
          PCollection<EmbeddingRow> embeddings =
              raw.apply(
                  "Normalise",
                  MapElements.into(TypeDescriptor.of(EmbeddingRow.class))
                      .via(EmbedFaces::normalised));
          PCollection<IdentityRow> identities =
              pipeline
                  .apply(
                      "ReadSamples",
                      FacetParquetIO.read(SampleRow.class).from(ingest.tableUris("samples")))
                  .apply(
                      "Identities",
                      FlatMapElements.into(TypeDescriptor.of(IdentityRow.class))
                          .via(sample -> IdentityRow.of(sample).stream().toList()));
          PCollectionTuple scored =
              pairs.apply(
                  "Score",
                  ScorePairs.with(
                      subject.model(), embeddings, Math.min(evaluated, 2 * pairCount), pairCount));
          PCollection<ScoreRow> scores = scored.get(ScorePairs.SCORES);
          PCollection<MetricRow> size =
              pipeline.apply("Size", Create.of(subject.figure("parameters", asked.parameters())));
          PCollectionTuple measuredPairs =
              scores.apply("Measure", MeasurePairs.of(subject, identities, options));
          PCollectionList<MetricRow> metrics =
              PCollectionList.of(measuredPairs.get(MeasurePairs.METRICS)).and(size);
          PCollectionList<RejectRow> rejects = PCollectionList.of(scored.get(ScorePairs.REJECTS));
          if (templates.isPresent()) {
            TemplateBranch.Measured measured = templates.get().measure(raw, options);
            metrics = metrics.and(measured.metrics());
            rejects = rejects.and(measured.rejects());
          }
          embeddings.apply(
              "WriteEmbeddings",
              FacetParquetIO.write(EmbeddingRow.class, "embeddings").to(attempt));
          identities.apply(
              "WriteIdentities",
              FacetParquetIO.write(IdentityRow.class, "identities").inOneFile().to(attempt));
          measuredPairs
              .get(MeasurePairs.OUTCOMES)
              .apply(
                  "WriteOutcomes",
                  FacetParquetIO.write(OutcomeRow.class, Evaluations.OUTCOMES)
                      .inOneFile()
                      .to(attempt));
          scores.apply("WriteScores", FacetParquetIO.write(ScoreRow.class, "scores").to(attempt));
          metrics
              .apply("AllMetrics", Flatten.pCollections())
              .apply(
                  "WriteMetrics",
                  FacetParquetIO.write(MetricRow.class, "metrics").inOneFile().to(attempt));
          rejects
              .apply("AllRejects", Flatten.pCollections())
              .apply(
                  "WriteRejects",
                  FacetParquetIO.write(RejectRow.class, "rejects").inOneFile().to(attempt));
        });
  }

  private static PCollection<String> images(
      PCollection<PairRow> pairs, Optional<TemplateBranch> templates) {
    PCollection<String> ofPairs =
        pairs.apply(
            "Images",
            FlatMapElements.into(TypeDescriptors.strings())
                .via(pair -> List.of(pair.leftImageId(), pair.rightImageId())));
    return templates.isEmpty()
        ? ofPairs
        : PCollectionList.of(ofPairs)
            .and(templates.get().images())
            .apply("AllImages", Flatten.pCollections());
  }
}
