package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.pack.LabelFaces;
import io.facet.transforms.pack.NameIdentities;
import io.facet.transforms.pack.PackFaces;
import io.facet.transforms.pack.PackFiles;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.PersonRow;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;

/** The faces of training and validation, labelled and ordered once for all trainings. */
@AutoService(Stage.class)
public final class PackStage implements Stage {
  private static final String PEOPLE = "people";
  private static final Set<String> LEARNT = Set.of(SampleRow.TRAIN, SampleRow.VALIDATION);

  @Override
  public String name() {
    return Stages.PACK;
  }

  @Override
  public int formatVersion() {
    return 2; // 2: crops stay in table faces
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    return trains(context.recipe())
        ? List.of(
            StageInstance.of(
                name(), "", List.of(Stages.INGEST, Stages.ALIGN), new FingerprintInputs()))
        : List.of();
  }

  /** Whether anything is trained, or chooses its classes by who is trained on. */
  private static boolean trains(Recipe recipe) {
    return !recipe.distill().methods().isEmpty()
        || recipe.teachers().stream()
            .anyMatch(
                teacher -> teacher.training().isPresent() || teacher.classifier().isPresent());
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Artifact align = context.parent(Stages.ALIGN);
    String attempt = context.attempt().uri();
    List<String> faces = align.tableUris("faces", LEARNT);
    int shards = PackFaces.shards(align.manifest().table("faces").orElseThrow().rows());
    StageJob.run(
        context,
        pipeline -> {
          PCollection<LabelFaces.Labelled> labels =
              pipeline
                  .apply("ReadFaces", FacetParquetIO.read(FaceName.class).from(faces))
                  .apply("LabelFaces", LabelFaces.by(samples(pipeline, context)));
          labels
              .apply("People", NameIdentities.create())
              .apply(
                  "WritePeople",
                  FacetParquetIO.write(PersonRow.class, PEOPLE).inOneFile().to(attempt));
          labels.apply("PackFaces", PackFaces.inShards(shards).to(attempt));
        });
    return new StageResult()
        .table(PackFaces.TABLE, PackRow.class)
        .table(PEOPLE, PersonRow.class)
        .metric("crops", TableSummary.read(attempt, PackFaces.TABLE).rows())
        .metric("identities", TableSummary.read(attempt, PEOPLE).rows());
  }

  private static PCollection<LabelFaces.Sample> samples(Pipeline pipeline, StageContext context) {
    List<String> files = context.parent(Stages.INGEST).tableUris("samples");
    return pipeline.apply("ReadSamples", FacetParquetIO.read(LabelFaces.Sample.class).from(files));
  }

  /** The pack that a stage depends on, as its workers get it. */
  static PackFiles files(StageContext context) {
    Artifact pack = context.parent(Stages.PACK);
    return new PackFiles(
        context.parent(Stages.ALIGN).dataFiles("faces", LEARNT),
        context.parent(Stages.INGEST).dataFiles("images", LEARNT),
        pack.dataFiles(PackFaces.TABLE),
        pack.tableUris(PEOPLE));
  }
}
