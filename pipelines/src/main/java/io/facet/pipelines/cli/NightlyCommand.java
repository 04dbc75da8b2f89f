package io.facet.pipelines.cli;

import io.facet.pipelines.cli.rehearsal.Simulation;
import io.facet.pipelines.nightly.Night;
import io.facet.pipelines.nightly.NightlyRun;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.stage.Stages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The run that happens by itself every night. */
@Command(
    name = "nightly",
    description =
        "Runs a recipe under a lock, compares its best student with the champion, promotes it or"
            + " says why not, cleans up and keeps a summary in the store.",
    footer = {
      "",
      "Exit codes: 0 improved or equal (or a night runs already), 4 refused by the gate, 2 recipe,",
      "3 data, 5 infrastructure. A night that was killed is gone on with by the next start."
    },
    mixinStandardHelpOptions = true)
final class NightlyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE", arity = "0..1", description = "A recipe file (YAML).")
  private Path recipe;

  @Option(
      names = "--simulate",
      paramLabel = "NIGHTS",
      description =
          "Instead of a recipe: play up to 15 nights on drawn faces with planted events, in the"
              + " folder STORE-simulation.")
  private Integer simulate;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (simulate != null) {
      return new Simulation(options.request(Path.of(""), spec), TerminalConsole.of(spec), verbose())
          .play(simulate);
    }
    if (recipe == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'RECIPE'");
    }
    return new NightlyRun(options.request(recipe, spec), TerminalConsole.of(spec), Stages.all())
        .execute()
        .map(Night::exitCode)
        .orElse(ExitCodes.OK);
  }

  private boolean verbose() {
    return spec.commandLine().getParseResult().hasMatchedOption("--verbose");
  }
}
