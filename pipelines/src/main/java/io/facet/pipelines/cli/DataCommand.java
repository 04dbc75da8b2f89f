package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.data.DataArtifacts;
import io.facet.pipelines.data.DataFiles;
import io.facet.pipelines.data.DataLook;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.run.RunRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at the data of a recipe before it trains, or at that of a run. */
@Command(
    name = "data",
    description =
        "Looks at data before training: people and images by source, the same picture several times"
            + " or under several names, doubtful labels, people of verification sets in training. Of"
            + " a recipe it first makes what is missing, without training anything; the run uses it"
            + " later.",
    mixinStandardHelpOptions = true)
final class DataCommand implements Callable<Integer> {
  private static final Set<String> SHARES =
      Set.of(
          "aligned-twice",
          "conflicts",
          "duplicates",
          "label-errors",
          "leaks",
          "shared-people",
          DataLook.UNALIGNED_CROPS,
          "wrong-colours");

  @Parameters(
      paramLabel = "RECIPE|RUN",
      description = "A recipe file (YAML), the beginning of a run's id, or the recipe's name.")
  private String what;

  @Mixin private RunOptions options;

  @Option(
      names = "--no-teacher",
      description = "Do without a teacher's embeddings: labels are not judged.")
  private boolean withoutTeacher;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rows shown of each table (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Write all tables as Parquet into this new folder.")
  private Path out;

  @Option(
      names = "--fail-on",
      paramLabel = "SHARE=MOST",
      split = ",",
      description =
          "End with exit code 4 when a share is larger: duplicates, conflicts, leaks, aligned-twice,"
              + " unaligned-crops, wrong-colours, label-errors, shared-people; such as duplicates=0.01,label-errors=0.02.")
  private Map<String, Double> limits = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    check();
    Path recipe = Path.of(what);
    RunRequest request = options.request(recipe, spec);
    Optional<Path> json = request.json();
    if (json.isPresent()) {
      json = Optional.of(NamedFile.output("--json", json.get(), List.of(recipe)));
    }
    try (ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      DataArtifacts artifacts;
      if (Files.isRegularFile(recipe)) {
        RecipeFile file = RecipeFile.read(recipe, request.settings());
        int made = make(file, request, store);
        if (made != ExitCodes.OK) {
          return made;
        }
        artifacts = DataArtifacts.of(part(file, request, store));
      } else {
        artifacts =
            DataArtifacts.of(new RunRecords(request.folder()).find(Optional.of(what)), store);
      }
      return show(DataLook.at(artifacts), json);
    }
  }

  private void check() throws IOException {
    for (Map.Entry<String, Double> limit : limits.entrySet()) {
      if (!SHARES.contains(limit.getKey())) {
        throw new RecipeException(
            "--fail-on: no share is called '%s'; there are %s"
                .formatted(limit.getKey(), String.join(", ", SHARES.stream().sorted().toList())));
      }
      if (!(limit.getValue() >= 0 && limit.getValue() <= 1)) {
        throw new RecipeException(
            "--fail-on: %s must lie in 0..1, is %s".formatted(limit.getKey(), limit.getValue()));
      }
    }
    if (out != null && Files.exists(out)) {
      try (Stream<Path> inside = Files.isDirectory(out) ? Files.list(out) : Stream.of(out)) {
        if (inside.findAny().isPresent()) {
          throw new RecipeException("--out: %s is there already; name a new folder".formatted(out));
        }
      }
    }
  }

  private Plan part(RecipeFile file, RunRequest request, ArtifactStore store) {
    return DataArtifacts.part(RecipeRun.plan(file, store, request), !withoutTeacher);
  }

  /** Makes what is missing; a failure has been told when its exit code is returned. */
  private int make(RecipeFile file, RunRequest request, ArtifactStore store) {
    Plan part = part(file, request, store);
    return part.instances().stream().allMatch(planned -> planned.cached().isPresent())
        ? ExitCodes.OK
        : new RecipeRun(withoutJson(request), TerminalConsole.of(spec))
            .execute(file, store, part)
            .exitCode();
  }

  /** The summary is of the look; MLflow hears of data when it is trained on. */
  private static RunRequest withoutJson(RunRequest request) {
    return new RunRequest(
        request.recipe(),
        request.settings(),
        request.store(),
        request.runner(),
        request.flinkMaster(),
        request.parallelism(),
        Optional.of(request.trackingUri().orElse("none")),
        request.jobs(),
        Optional.empty(),
        request.arguments());
  }

  private int show(DataLook look, Optional<Path> json) {
    PrintWriter print = spec.commandLine().getOut();
    print.print(DataText.of(look, rows));
    print.flush();
    if (out != null) {
      NamedFile.writing("--out", out, () -> DataFiles.parquet(look, out));
    }
    json.ifPresent(
        file ->
            NamedFile.write(
                "--json",
                file,
                JsonText.pretty(DataFiles.json(look)).getBytes(StandardCharsets.UTF_8)));
    return judge(look);
  }

  private int judge(DataLook look) {
    Map<String, Double> shares = look.shares();
    int code = ExitCodes.OK;
    PrintWriter err = spec.commandLine().getErr();
    for (Map.Entry<String, Double> limit : limits.entrySet()) {
      Double share = shares.get(limit.getKey());
      if (share == null) {
        String missing =
            limit.getKey().equals(DataLook.UNALIGNED_CROPS)
                ? look.cropsUnseen()
                : "no teacher's embeddings of enough labelled training faces are there; add a teacher to the recipe";
        throw new DataException(
            "--fail-on %s: %s, or leave it out".formatted(limit.getKey(), missing));
      }
      if (share > limit.getValue()) {
        err.println(
            "facet: %s is %.4f, more than %s".formatted(limit.getKey(), share, limit.getValue()));
        code = ExitCodes.GATE;
      }
    }
    err.flush();
    return code;
  }
}
