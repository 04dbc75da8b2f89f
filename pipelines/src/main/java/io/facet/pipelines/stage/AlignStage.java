package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.FaceAligner;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.align.AlignFaces;
import io.facet.transforms.align.AlignImages;
import io.facet.transforms.align.NameRejects;
import io.facet.transforms.file.LocalCopies;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.TimingRow;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Images become aligned face crops. */
@AutoService(Stage.class)
public final class AlignStage implements Stage {
  @Override
  public String name() {
    return Stages.ALIGN;
  }

  @Override
  public int formatVersion() {
    return 5; // 4: trainings read crops in place; 5: images taken as they are stay in table images
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    AlignOptions options = options(context.recipe());
    AlignOptions here = options.withFiles(LocalCopies::of);
    FaceAligner.open(here).close(); // refuses now what would fail on the first image
    return List.of(
        StageInstance.of(
                name(),
                "",
                List.of(Stages.INGEST),
                new FingerprintInputs()
                    .options(context.recipe().align())
                    .content("align", here.digest())
                    .libraries(Libraries.of(context, "opencv", "onnxruntime")))
            .withRecipe(RecordBinder.toTree(context.recipe().align())));
  }

  static AlignOptions options(Recipe recipe) {
    return recipe.align().withFiles(recipe.data()::resolve);
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Artifact ingest = context.parent(Stages.INGEST);
    String attempt = context.attempt().uri();
    AlignOptions options = options(context.recipe());
    // Faces of the last artifact, so that only new images cost a detection.
    List<String> earlier =
        context.earlier().map(artifact -> artifact.tableUris("faces")).orElse(List.of());
    StageJob.run(
        context,
        pipeline -> {
          PCollectionTuple aligned =
              pipeline.apply(
                  "Align",
                  AlignImages.of(ingest.tableUris("images"), options, attempt).reusing(earlier));
          aligned
              .get(AlignFaces.FACES)
              .apply(
                  "WriteFaces",
                  FacetParquetIO.writePartitioned(FaceRow.class, "faces").to(attempt));
          aligned
              .get(AlignFaces.REJECTS)
              .apply("NameRejects", NameRejects.of(samples(pipeline, ingest)))
              .apply("WriteRejects", FacetParquetIO.write(RejectRow.class, "rejects").to(attempt));
          aligned
              .get(AlignFaces.TIMINGS)
              .apply("WriteTimings", FacetParquetIO.write(TimingRow.class, "timings").to(attempt));
        });
    TableSummary faces = TableSummary.read(attempt, "faces");
    Rejects rejects = Rejects.read(attempt);
    rejects.check(faces.rows(), context.recipe().data().maximumRejectShare());
    StageResult result =
        new StageResult()
            .table("faces", FaceRow.class)
            .table("rejects", RejectRow.class)
            .table("timings", TimingRow.class)
            .metric("faces", faces.rows());
    rejects.report(context, result);
    return result;
  }

  private static PCollection<SampleRow> samples(Pipeline pipeline, Artifact ingest) {
    return pipeline.apply(
        "ReadSamples", FacetParquetIO.read(SampleRow.class).from(ingest.tableUris("samples")));
  }
}
