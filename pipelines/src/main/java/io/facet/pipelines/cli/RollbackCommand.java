package io.facet.pipelines.cli;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.mlflow.ChampionMirror;
import io.facet.pipelines.plan.ExitCodes;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Goes back to the champion before. */
@Command(
    name = "rollback",
    description =
        "Goes back to the champion before; nightly runs do not promote the left one again.",
    mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {
  @Mixin private ModelOptions options;

  @Option(names = "--why", paramLabel = "TEXT", description = "The reason, kept with the champion.")
  private String why = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (ArtifactStore store = ArtifactStore.open(options.store().toString())) {
      Champions champions = new Champions(store, options.model(store));
      String left = champions.current().map(Champion::describe).orElse("");
      Champion champion = champions.rollBack(why);
      PrintWriter out = spec.commandLine().getOut();
      out.println("champion: " + champion.describe() + ", after " + left);
      ChampionMirror mirror = options.mirror();
      out.println(mirror.told(mirror.moved(champion, Optional.empty())));
      out.flush();
    }
    return ExitCodes.OK;
  }
}
