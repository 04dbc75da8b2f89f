package io.facet.pipelines.cli;

import io.facet.pipelines.run.Facet;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a recipe; what is there already is reused. */
@Command(
    name = "run",
    description = "Runs a recipe: all stages, reusing what is there already.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE", description = "A recipe file (YAML).")
  private Path recipe;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return Facet.run(options.request(recipe, spec), TerminalConsole.of(spec)).exitCode();
  }
}
