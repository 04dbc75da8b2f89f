package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.flink.FlinkClient;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.run.Facet;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunRequest;
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
    RunRequest request = options.request(recipe, spec);
    if (!FlinkClient.present() && request.flinkMaster().equals(RunnerOptions.LOCAL)) {
      throw new RecipeException(
          "--flink-master HOST:PORT is missing: './infra/flink/cluster up' starts a cluster at"
              + " localhost:8081; 'facet run' needs none");
    }
    return detach ? startDriver(request) : Facet.run(request, TerminalConsole.of(spec)).exitCode();
  }

  /** Mistakes are said here and now, not in a log. */
  private int startDriver(RunRequest request) throws Exception {
    RecipeFile file = RecipeFile.read(recipe, request.settings());
    int tasks = request.pipelines().parallelism();
    int stages;
    try (ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      Plan plan = RecipeRun.plan(file, store, request);
      stages = plan.instances().size();
    }
    List<String> arguments =
        request.arguments().stream().filter(argument -> !argument.equals(DETACH)).toList();
    BackgroundDriver driver = BackgroundDriver.start(request.folder(), arguments);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d stages at %s, %d tasks side by side%n", stages, request.flinkMaster(), tasks);
    out.printf("run        %s%n", driver.run());
    out.printf("process    %d%n", driver.pid());
    out.printf("log        %s%n", driver.log());
    out.printf("follow     %s%n", about("status", driver, request) + " --follow");
    out.printf("stop       %s%n", about("cancel", driver, request));
    out.flush();
    return 0;
  }

  private static String about(String command, BackgroundDriver driver, RunRequest request) {
    return ResumeCommand.text(
        "./infra/facet", List.of(command, driver.run(), "--store", request.folder().toString()));
  }
}
