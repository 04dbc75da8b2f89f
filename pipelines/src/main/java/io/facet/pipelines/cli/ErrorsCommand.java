package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.overview.ReportedRun;
import io.facet.pipelines.pairs.ContactSheet;
import io.facet.pipelines.pairs.EvaluatedModel;
import io.facet.pipelines.pairs.FaceCrops;
import io.facet.pipelines.pairs.ImageNames;
import io.facet.pipelines.pairs.PairErrors;
import io.facet.pipelines.pairs.ScoredSet;
import io.facet.pipelines.pairs.Threshold;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.reproduce.StoredRuns;
import io.facet.pipelines.run.RunPages;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.row.ScoreRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The pairs that a model judged worst. */
@Command(
    name = "errors",
    description =
        "Lists the pairs that a model of a run judged worst on a verification set: different people"
            + " taken for one person, and one person taken for two.",
    mixinStandardHelpOptions = true)
final class ErrorsCommand implements Callable<Integer> {
  private static final int MOST = 1000;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Beginning of a run's id, or name of its recipe; default: the newest run.")
  private String wanted;

  @Mixin private StoreOption store;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description = "Verification set; may be left out where there is one.")
  private String set;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Model of the run, such as rkd#1; may be left out where there is one.")
  private String model;

  @Option(
      names = "--worst",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many of each kind, 1..1000 (default: ${DEFAULT-VALUE}).")
  private int worst;

  @Option(
      names = "--far",
      paramLabel = "RATE",
      description =
          "Threshold: the lowest at which no more than this share of different pairs is accepted;"
              + " default: where false accepts are as frequent as false rejects.")
  private Double rate;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description = "Threshold, of at most four decimals.")
  private Double cosine;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write the pairs as CSV.")
  private Path csv;

  @Option(names = "--json", paramLabel = "FILE", description = "Write pairs and threshold as JSON.")
  private Path json;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description =
          "Write both aligned faces of each pair (PNG). Faces are personal data: refused where the"
              + " recipe says report.pictures: false.")
  private Path sheet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    check();
    RunRecord record = new RunRecords(store.folder()).find(Optional.ofNullable(wanted));
    Optional<Reproduction> left = StoredRuns.find(store.folder(), record.run());
    if (sheet != null) {
      RunPages.requirePictures("--sheet", record.run(), left);
    }
    try (ArtifactStore artifacts = ArtifactStore.open(record.store())) {
      ReportedRun run = RunPages.of(record, left, artifacts);
      PairErrors errors = errors(run);
      PrintWriter out = spec.commandLine().getOut();
      out.println(errors.head());
      out.print(errors.text());
      if (csv != null) {
        NamedFile.write("--csv", csv, utf8(errors.csv()));
      }
      if (json != null) {
        NamedFile.write("--json", json, utf8(errors.json()));
      }
      if (sheet != null) {
        NamedFile.write("--sheet", sheet, ContactSheet.png(errors.pairs(), faces(run, errors)));
        out.println("faces in " + sheet);
      }
      out.flush();
    }
    return ExitCodes.OK;
  }

  private void check() throws IOException {
    if (worst < 1 || worst > MOST) {
      throw new RecipeException("--worst: must lie in 1..%d, is %d".formatted(MOST, worst));
    }
    if (rate != null && cosine != null) {
      throw new RecipeException("--far and --threshold: give one of them");
    }
    if (rate != null && !(rate > 0 && rate < 1)) {
      throw new RecipeException("--far: must lie above 0 and below 1, is " + rate);
    }
    if (cosine != null && !(Math.abs(cosine) <= 1)) {
      throw new RecipeException("--threshold: a cosine lies in -1..1, is " + cosine);
    }
    if (cosine != null && Math.abs(cosine * 1e4 - Math.rint(cosine * 1e4)) > 1e-6) {
      throw new RecipeException("--threshold: at most four decimals, is " + cosine);
    }
    if (sheet != null && !sheet.toString().endsWith(".png")) {
      throw new RecipeException("--sheet: %s must end in .png".formatted(sheet));
    }
    csv = csv == null ? null : NamedFile.output("--csv", csv, List.of());
    json = json == null ? null : NamedFile.output("--json", json, List.of());
    sheet = sheet == null ? null : NamedFile.output("--sheet", sheet, List.of());
  }

  private PairErrors errors(ReportedRun run) {
    SortedMap<String, Artifact> models = new TreeMap<>();
    run.withTable("scores")
        .forEach(evaluation -> models.put(label(evaluation.manifest().instance()), evaluation));
    if (models.isEmpty()) {
      throw new DataException(
          "run %s has no scores in %s: it measured no model, or they were deleted"
              .formatted(run.run(), store.folder()));
    }
    String name = chosen("--model", "the run measured", model, models.keySet());
    EvaluatedModel scored = EvaluatedModel.read(name, models.get(name), worst);
    String on = chosen("--set", name + " was measured on", set, scored.sets().keySet());
    ScoredSet pairs = scored.sets().get(on);
    if (!pairs.hasBothKinds()) {
      throw new DataException(pairs + "; rates need both kinds");
    }
    Threshold threshold =
        cosine != null
            ? pairs.at(cosine)
            : rate != null ? pairs.atFalseAcceptRate(rate) : pairs.atEqualError();
    List<ScoreRow> rows = PairErrors.rows(pairs, threshold);
    Set<String> images = new HashSet<>();
    rows.forEach(row -> images.addAll(List.of(row.leftImageId(), row.rightImageId())));
    ImageNames names =
        run.artifact(Stages.INGEST)
            .map(ingest -> ImageNames.read(ingest, images))
            .orElseGet(ImageNames::none);
    return new PairErrors(
        run.run(),
        name,
        pairs,
        threshold,
        rows.stream()
            .map(
                row ->
                    new PairErrors.Pair(
                        row, names.of(on, row.leftImageId()), names.of(on, row.rightImageId())))
            .toList());
  }

  /** {@code evaluate[rkd#1]} measured {@code rkd#1}. */
  private static String label(String instance) {
    return instance.substring(instance.indexOf('[') + 1, instance.length() - 1);
  }

  private static String chosen(String option, String what, String name, Set<String> all) {
    if (name != null && all.contains(name)) {
      return name;
    }
    if (name == null && all.size() == 1) {
      return all.iterator().next();
    }
    String given = name == null ? "name one" : "'%s' is none of its".formatted(name);
    throw new RecipeException(
        "%s: %s; %s: %s".formatted(option, given, what, String.join(", ", all)));
  }

  private FaceCrops faces(ReportedRun run, PairErrors errors) {
    Set<String> ids = new HashSet<>();
    errors
        .pairs()
        .forEach(pair -> ids.addAll(List.of(pair.row().leftFaceId(), pair.row().rightFaceId())));
    return run.faces()
        .map(files -> FaceCrops.read(files, ids))
        .orElseThrow(
            () ->
                new DataException(
                    "run %s: its aligned faces are no longer in %s"
                        .formatted(run.run(), store.folder())));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
