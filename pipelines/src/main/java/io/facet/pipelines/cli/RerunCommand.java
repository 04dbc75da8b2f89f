package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.report.ShortHash;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.reproduce.Comparison;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.reproduce.StoredRuns;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunRequest;
import io.facet.pipelines.run.RunResult;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunReader;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.TrackingOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an earlier run again from its resolved recipe and compares the tables' digests. */
@Command(
    name = "rerun",
    description = {
      "Runs an earlier run again in a fresh store and says which tables came out equal.",
      "Exit code 0 if all did, 4 otherwise; differences of machine, libraries and data are named."
    },
    mixinStandardHelpOptions = true)
final class RerunCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Parameters(
      paramLabel = "RUN_ID",
      description = "MLflow's id of the run, or its own (as in manifests and --json).")
  private String run;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      defaultValue = ".facet",
      description =
          "The store of the earlier run, asked before MLflow (default: ${DEFAULT-VALUE}).")
  private Path from;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    RunRequest asked = options.request(Path.of(""), spec);
    Path earlier = from.toAbsolutePath().normalize();
    TrackingTarget target = TrackingTarget.of(asked.trackingUri(), earlier);
    Reproduction before = find(earlier, target.options());
    RecipeFile file = RecipeFile.parse("run " + run, before.recipe(), asked.settings());
    boolean chosen = spec.commandLine().getParseResult().hasMatchedOption("--store");
    Path fresh = earlier.resolve("reruns").resolve(TIME.format(Instant.now()));
    RunRequest here = chosen ? asked : asked.withStore(fresh.toString());
    RunResult ended =
        new RecipeRun(here, TerminalConsole.of(spec))
            .execute(file, target, Map.of("facet.rerun_of", before.run()));
    if (ended.exitCode() != ExitCodes.OK) {
      return ended.exitCode();
    }
    return report(Comparison.of(before, ended.reproduction()), ended.reproduction());
  }

  private int report(Comparison comparison, Reproduction after) {
    PrintWriter out = spec.commandLine().getOut();
    TextTable table = new TextTable("table", "came out", "digest then", "digest now");
    for (Comparison.Table one : comparison.tables()) {
      table.row(
          one.name(),
          one.verdict().name().toLowerCase(Locale.ROOT),
          shown(one.before()),
          shown(one.after()));
    }
    out.println();
    out.print(table.toText());
    long reused = after.instances().stream().filter(Reproduction.Instance::cached).count();
    if (reused > 0) {
      out.println(reused + " stages were reused, which proves nothing: give an empty --store");
    }
    comparison.differences().forEach(difference -> out.println("differs: " + difference));
    long equal =
        comparison.tables().stream().filter(t -> t.verdict() == Comparison.Verdict.EQUAL).count();
    out.printf("%d of %d tables equal%n", equal, comparison.tables().size());
    out.flush();
    return comparison.equal() ? ExitCodes.OK : ExitCodes.GATE;
  }

  private static String shown(String digest) {
    return digest.isEmpty() ? "-" : ShortHash.of(digest);
  }

  private Reproduction find(Path store, TrackingOptions tracking) throws InterruptedException {
    Optional<Reproduction> stored = StoredRuns.find(store, run);
    if (stored.isPresent()) {
      return stored.get();
    }
    if (tracking.server().isEmpty()) {
      throw new RecipeException(
          "run %s is not in %s, and no MLflow server is known: give --from or --tracking-uri"
              .formatted(run, store));
    }
    try (MlflowApi api = new MlflowApi(tracking)) {
      RunReader.Run found =
          api.reader()
              .ofUuid(run)
              .orElseThrow(
                  () ->
                      new RecipeException(
                          "run %s is neither in %s nor in MLflow at %s"
                              .formatted(run, store, api.server())));
      String file = api.text(found.artifactUri(), Reproduction.FILE);
      return Reproduction.parse("run " + run + " in MLflow", file);
    } catch (MlflowFailure e) {
      if (e.kind() == MlflowFailure.Kind.MISSING) {
        throw new DataException(
            "run %s left no %s in MLflow: it did not end, or it is a stage and not the whole run"
                .formatted(run, Reproduction.FILE),
            e);
      }
      throw new InfrastructureException("MLflow cannot be asked: " + e.getMessage(), e);
    }
  }
}
