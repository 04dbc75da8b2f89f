package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.DataRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.ingest.ForgottenImages;
import io.facet.transforms.ingest.IngestSources;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SharedRow;
import io.facet.transforms.row.SplitRow;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sources become tables: images, their names and labels, pairs. */
@AutoService(Stage.class)
public final class IngestStage implements Stage {
  private static final Logger LOG = LoggerFactory.getLogger(IngestStage.class);

  @Override
  public String name() {
    return Stages.INGEST;
  }

  @Override
  public int formatVersion() {
    return 3; // 3: trainings read images in place
  }

  /**
   * Lists and hashes the sources: their content is the fingerprint.
   *
   * @throws io.facet.models.DataException if no pair of a set can be scored, or a method needs
   *     labels that no source has
   */
  @Override
  public List<StageInstance> instances(PlanContext context) throws IOException {
    DataRecipe data = context.recipe().data();
    String cache = StoredFiles.below(context.storeRoot(), "cache/content-hashes.json");
    ContentHashes hashes = ContentHashes.load(cache);
    ForgottenImages forgotten = ForgottenImages.read(context.storeRoot());
    FingerprintInputs inputs =
        new FingerprintInputs()
            .option("seed", context.recipe().seed())
            .option("validation.share", data.validation().heldOut())
            .option("overlap", data.overlap());
    TrainingLabels labels = new TrainingLabels();
    List<String> notes = new ArrayList<>();
    for (SourceSpec spec : SourceSpecs.of(context.recipe())) {
      SourceListing listing = spec.list();
      if (!forgotten.isEmpty()) {
        if (listing.isPacked() || makesItsImages(listing)) {
          inputs.content("forgotten", forgotten.digest());
        }
        listing = spec.without(listing, hashes, forgotten::holds);
      }
      inputs
          .content(spec.label(), spec.contentDigest(listing, hashes))
          .option(spec.label() + ".aligned", spec.aligned())
          .version(spec.source().key(), spec.source().extension().version());
      if (listing.skipped().count() > 0) {
        notes.add(spec.label() + ": " + listing.skipped().text());
      }
      CropsFound.look(spec, listing, context.recipe().align()).ifPresent(notes::add);
      ScorablePairs.check(spec, listing).ifPresent(notes::add);
      if (spec.isTraining()) {
        labels.add(spec, listing);
      }
    }
    hashes.forget(forgotten::holds);
    save(hashes, cache);
    labels.check(context.recipe());
    return List.of(
        StageInstance.of(name(), "", List.of(), inputs)
            .withRecipe(RecordBinder.toTree(data))
            .withNotes(notes));
  }

  /** What such a source hashes is not the bytes of its images. */
  private static boolean makesItsImages(SourceListing listing) {
    return listing.samples().stream().anyMatch(sample -> sample.uri().isEmpty());
  }

  /** Without the cache the next plan only hashes again: a read-only store still serves. */
  private static void save(ContentHashes hashes, String cache) {
    try {
      hashes.save(cache);
    } catch (IOException e) {
      LOG.warn("{} cannot be written, so the next plan reads all sources again: {}", cache, e);
    }
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    String attempt = context.attempt().uri();
    IngestSources sources =
        IngestSources.of(SourceSpecs.of(context.recipe()))
            .leavingOut(ForgottenImages.read(context.plan().storeRoot()))
            .countingInto(attempt);
    boolean templates = TemplateBranch.isIn(context.recipe());
    StageJob.run(
        context,
        pipeline -> {
          PCollectionTuple read = pipeline.apply("Ingest", sources);
          read.get(IngestSources.IMAGES)
              .apply(
                  "WriteImages",
                  FacetParquetIO.writePartitioned(ImageRow.class, "images").to(attempt));
          read.get(IngestSources.SAMPLES)
              .apply("WriteSamples", FacetParquetIO.write(SampleRow.class, "samples").to(attempt));
          read.get(IngestSources.PAIRS)
              .apply("WritePairs", FacetParquetIO.write(PairRow.class, "pairs").to(attempt));
          read.get(IngestSources.REJECTS)
              .apply("WriteRejects", FacetParquetIO.write(RejectRow.class, "rejects").to(attempt));
          read.get(IngestSources.SHARED)
              .apply("WriteShared", FacetParquetIO.write(SharedRow.class, "shared").to(attempt));
          read.get(IngestSources.SPLITS)
              .apply("WriteSplits", FacetParquetIO.write(SplitRow.class, "splits").to(attempt));
          if (templates) {
            TemplateBranch.write(read, attempt);
          }
        });
    TableSummary samples = TableSummary.read(attempt, "samples");
    TableSummary images = TableSummary.read(attempt, "images");
    Rejects rejects = Rejects.read(attempt);
    rejects.check(samples.rows(), context.recipe().data().maximumRejectShare());
    SharedRows shared = SharedRows.read(attempt);
    if (context.recipe().data().overlap() == DataRecipe.Overlap.REFUSE) {
      shared.refuse();
    }
    checkLabels(context.recipe(), attempt);
    StageResult result =
        new StageResult()
            .table("images", ImageRow.class)
            .table("samples", SampleRow.class)
            .table("pairs", PairRow.class)
            .table("rejects", RejectRow.class)
            .table("shared", SharedRow.class)
            .table("splits", SplitRow.class)
            .metric("images", images.rows())
            .metric("samples", samples.rows())
            .metric("duplicates", samples.rows() - images.rows());
    if (templates) {
      TemplateBranch.addIngested(result);
    }
    rejects.report(context, result);
    shared.report(context, result);
    if (!context.instance().notes().isEmpty()) {
      result.note("sources", String.join("; ", context.instance().notes()));
    }
    return result;
  }

  private static void checkLabels(Recipe recipe, String attempt) throws IOException {
    List<String> files = TableSummary.read(attempt, "splits").uris(attempt);
    ParquetTable.readAll(SplitRow.class, files).stream()
        .filter(split -> split.split().equals(SampleRow.TRAIN))
        .forEach(training -> TrainingLabels.check(recipe, training));
  }
}
