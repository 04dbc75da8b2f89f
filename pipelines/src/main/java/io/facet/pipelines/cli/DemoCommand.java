package io.facet.pipelines.cli;

import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.run.Console;
import io.facet.pipelines.run.Facet;
import io.facet.pipelines.run.RunRequest;
import io.facet.pipelines.run.RunResult;
import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The whole chain on drawn faces, with an MLflow server of its own. */
@Command(
    name = "demo",
    description =
        "Runs all stages on drawn faces: a shipped teacher, a student alone, the same student"
            + " distilled from it, and a results table.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String RECIPE = "infra/recipes/sample/demo.yaml";

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Path recipe = Path.of(System.getProperty("facet.root", "."), RECIPE);
    RunRequest request = options.request(recipe, spec);
    Console console = TerminalConsole.of(spec);
    if (request.trackingUri().isEmpty()) {
      MlflowServer server = MlflowServer.of(request.folder(), System.getenv());
      ServerStatus status = server.start(OptionalInt.empty(), console::complain);
      if (!status.running()) {
        console.complain("facet: " + status.detail());
      }
    }
    RunResult result = Facet.run(request, console);
    PrintWriter out = spec.commandLine().getOut();
    if (result.exitCode() == 0) {
      double confidence =
          RecipeFile.read(recipe, request.settings()).recipe().evaluate().confidence();
      for (String sentence : DemoFinding.of(result.leaderboard(), confidence)) {
        out.println("shown      " + sentence);
      }
      out.println("next       ./infra/facet methods, ./infra/facet inspect " + request.folder());
      out.println("           ./infra/facet demo --set 'distill.methods=[none, rkd]'");
      out.println("stop       ./infra/facet track stop (the MLflow server stays up until then)");
      result.report().ifPresent(page -> out.println("look at    " + page));
    }
    out.flush();
    return result.exitCode();
  }
}
