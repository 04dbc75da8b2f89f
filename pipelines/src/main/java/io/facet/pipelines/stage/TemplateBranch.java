package io.facet.pipelines.stage;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.ingest.IngestSources;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.TemplateFeatureRow;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.score.MakeTemplates;
import io.facet.transforms.score.MeasureTemplates;
import io.facet.transforms.score.ScoreTemplates;
import io.facet.transforms.score.TemplateMetrics;
import io.facet.transforms.score.TemplateOptions;
import io.facet.transforms.score.VerificationMetrics;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;

/** What sets of templates add to ingest and evaluate, in recipes that have such sets. */
final class TemplateBranch {
  private static final String FACES = "templates";
  private static final String PAIRS = "template-pairs";
  private static final String SUBJECTS = "template-subjects";
  private static final String FEATURES = "template-features";
  private static final String SCORES = "template-scores";

  private final StageContext context;
  private final VerificationMetrics.Subject subject;
  private final TemplateOptions asked;
  private final PCollection<TemplateRow> faces;
  private final PCollection<TemplatePairsRow> pairs;
  private final PCollection<TemplateSubjectRow> subjects;

  private TemplateBranch(
      Pipeline pipeline, StageContext context, VerificationMetrics.Subject subject) {
    Artifact ingest = context.parent(Stages.INGEST);
    this.context = context;
    this.subject = subject;
    this.asked = context.recipe().evaluate().templates();
    this.faces =
        pipeline.apply(
            "ReadTemplates", FacetParquetIO.read(TemplateRow.class).from(ingest.tableUris(FACES)));
    this.pairs =
        pipeline.apply(
            "ReadTemplatePairs",
            FacetParquetIO.read(TemplatePairsRow.class).from(ingest.tableUris(PAIRS)));
    this.subjects =
        pipeline.apply(
            "ReadTemplateSubjects",
            FacetParquetIO.read(TemplateSubjectRow.class).from(ingest.tableUris(SUBJECTS)));
  }

  /** Whether a recipe has sets of templates. */
  static boolean isIn(Recipe recipe) {
    return recipe.data().hasTemplates();
  }

  /** Writes what ingest read. */
  static void write(PCollectionTuple read, String attempt) {
    read.get(IngestSources.TEMPLATES)
        .apply("WriteTemplates", FacetParquetIO.write(TemplateRow.class, FACES).to(attempt));
    read.get(IngestSources.TEMPLATE_PAIRS)
        .apply(
            "WriteTemplatePairs", FacetParquetIO.write(TemplatePairsRow.class, PAIRS).to(attempt));
    read.get(IngestSources.TEMPLATE_SUBJECTS)
        .apply(
            "WriteTemplateSubjects",
            FacetParquetIO.write(TemplateSubjectRow.class, SUBJECTS).inOneFile().to(attempt));
  }

  /** Lists the tables of {@link #write}. */
  static void addIngested(StageResult result) {
    result
        .table(FACES, TemplateRow.class)
        .table(PAIRS, TemplatePairsRow.class)
        .table(SUBJECTS, TemplateSubjectRow.class);
  }

  /** The branch of an evaluation, if its recipe has sets of templates. */
  static Optional<TemplateBranch> of(
      Pipeline pipeline, StageContext context, VerificationMetrics.Subject subject) {
    return isIn(context.recipe())
        ? Optional.of(new TemplateBranch(pipeline, context, subject))
        : Optional.empty();
  }

  /** Ids of the images that are needed. */
  PCollection<String> images() {
    return faces.apply(
        "TemplateImages", MapElements.into(TypeDescriptors.strings()).via(TemplateRow::imageId));
  }

  /** What came of it. */
  record Measured(PCollection<MetricRow> metrics, PCollection<RejectRow> rejects) {}

  /**
   * Makes templates, scores their pairs and measures; features and scores are written.
   *
   * @param embeddings not normalised
   */
  Measured measure(PCollection<EmbeddingRow> embeddings, VerificationMetrics.Options options) {
    String attempt = context.attempt().uri();
    PCollection<TemplateFeatureRow> features =
        faces.apply(
            "MakeTemplates", MakeTemplates.with(subject.model(), asked.features(), embeddings));
    PCollectionTuple scored =
        pairs.apply("ScoreTemplates", ScoreTemplates.with(subject.model(), features));
    PCollection<TemplateScoresRow> scores = scored.get(ScoreTemplates.SCORES);
    features.apply(
        "WriteTemplateFeatures",
        FacetParquetIO.write(TemplateFeatureRow.class, FEATURES).to(attempt));
    scores.apply(
        "WriteTemplateScores", FacetParquetIO.write(TemplateScoresRow.class, SCORES).to(attempt));
    return new Measured(
        scores.apply(
            "MeasureTemplates", MeasureTemplates.of(subject, features, subjects, asked, options)),
        scored.get(ScoreTemplates.REJECTS));
  }

  /** Lists the tables of {@link #measure}, and says which rates are absent. */
  static void addMeasured(Recipe recipe, List<MetricRow> rows, StageResult result) {
    result.table(FEATURES, TemplateFeatureRow.class).table(SCORES, TemplateScoresRow.class);
    TemplateMetrics.absent(rows, recipe.evaluate().templates())
        .forEach((figure, why) -> result.note(figure, "absent: " + why));
  }
}
