package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.flink.FlinkClient;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.recipe.RecipeFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run} against a cluster. */
@Command(
    name = "submit",
    description =
        "Runs a recipe on a Flink cluster: each stage is one Flink job, and this process drives"
            + " them.",
    mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {
  private static final String DETACH = "--detach";

  @Parameters(paramLabel = "RECIPE", description = "A recipe file (YAML).")
  private Path recipe;

  @Option(
      names = DETACH,
      description = "Leave the driving process in the background, with its log in the store.")
  private boolean detach;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (FlinkClient.present() && detach) {
      throw new RecipeException(
          "--detach: 'flink run' waits for its program; start it in the background yourself, or use"
              + " './infra/facet submit RECIPE --flink-master HOST:PORT --detach'");
    }
    if (!FlinkClient.present() && options.flinkMaster().equals(RunnerOptions.LOCAL)) {
      throw new RecipeException(
          "--flink-master HOST:PORT is missing: './infra/flink/cluster up' starts a cluster at"
              + " localhost:8081; 'facet run' needs none");
    }
    return detach
        ? startDriver()
        : new RecipeRun(options, spec.commandLine()).execute(recipe).exitCode();
  }

  /** Mistakes are said here and now, not in a log. */
  private int startDriver() throws Exception {
    RecipeFile file = RecipeFile.read(recipe, options.settings());
    int tasks = options.runner().parallelism();
    int stages;
    try (ArtifactStore store = ArtifactStore.open(options.storeRoot())) {
      Plan plan = RecipeRun.plan(file, store);
      stages = plan.instances().size();
    }
    List<String> arguments =
        spec.commandLine().getParent().getParseResult().originalArgs().stream()
            .filter(argument -> !argument.equals(DETACH))
            .toList();
    BackgroundDriver driver = BackgroundDriver.start(options.store(), arguments);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d stages at %s, %d tasks side by side%n", stages, options.flinkMaster(), tasks);
    out.printf("run        %s%n", driver.run());
    out.printf("process    %d%n", driver.pid());
    out.printf("log        %s%n", driver.log());
    out.printf("follow     %s%n", about("status", driver) + " --follow");
    out.printf("stop       %s%n", about("cancel", driver));
    out.flush();
    return 0;
  }

  private String about(String command, BackgroundDriver driver) {
    return ResumeCommand.text(
        "./infra/facet", List.of(command, driver.run(), "--store", options.storeRoot()));
  }
}
