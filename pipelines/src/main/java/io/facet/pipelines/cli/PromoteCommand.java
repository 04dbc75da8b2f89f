package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.champion.GateDecision.Verdict;
import io.facet.pipelines.mlflow.ChampionMirror;
import io.facet.pipelines.plan.ExitCodes;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the newest candidate champion: by the gate's word, or by a person's. */
@Command(
    name = "promote",
    description =
        "Makes the newest published student champion if its gate let it through; --force does so"
            + " without the gate.",
    mixinStandardHelpOptions = true)
final class PromoteCommand implements Callable<Integer> {
  @Mixin private ModelOptions options;

  @Option(names = "--force", description = "Promote without or against the gate; needs --why.")
  private boolean force;

  @Option(names = "--why", paramLabel = "TEXT", description = "The reason, kept with the champion.")
  private String why = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (force && why.isBlank()) {
      throw new RecipeException("--force: say why with --why TEXT");
    }
    try (ArtifactStore store = ArtifactStore.open(options.store().toString())) {
      Champions champions = new Champions(store, options.model(store));
      Candidate candidate =
          champions
              .candidate()
              .orElseThrow(() -> new DataException("no student was published yet; run a recipe"));
      Optional<Champion> current = champions.current();
      PrintWriter out = spec.commandLine().getOut();
      if (current.isPresent() && current.get().fingerprint().equals(candidate.fingerprint())) {
        out.println("already champion: " + current.get().describe());
        out.flush();
        return ExitCodes.OK;
      }
      Optional<Artifact> gate = gate(store, candidate, current);
      if (!force && !letThrough(candidate, current, gate)) {
        return ExitCodes.GATE;
      }
      Champion champion = promote(champions, candidate, current, gate);
      out.println("champion: " + champion.describe());
      ChampionMirror mirror = options.mirror();
      out.println(mirror.told(mirror.moved(champion, gate.map(ChampionMirror.Decision::of))));
      out.flush();
    }
    return ExitCodes.OK;
  }

  private Champion promote(
      Champions champions,
      Candidate candidate,
      Optional<Champion> current,
      Optional<Artifact> gate) {
    String line = gate.map(g -> g.manifest().notes().getOrDefault("gate", "")).orElse("");
    return champions.promote(
        candidate,
        current,
        force ? Champion.Action.FORCED : Champion.Action.PROMOTED,
        why.isBlank() ? line : why,
        gate.map(g -> g.manifest().fingerprint()).orElse(""));
  }

  private boolean letThrough(
      Candidate candidate, Optional<Champion> current, Optional<Artifact> gate) {
    if (gate.isEmpty()) {
      throw new RecipeException(
          "no gate has compared %s with %s; run 'facet nightly RECIPE', or use --force --why TEXT"
              .formatted(
                  candidate.student(), current.map(Champion::describe).orElse("no champion")));
    }
    Map<String, String> notes = gate.get().manifest().notes();
    boolean through =
        Verdict.valueOf(notes.getOrDefault("verdict", "kept").toUpperCase(Locale.ROOT)).promotes();
    if (!through) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("facet: the gate says " + notes.get("gate") + "; --force --why TEXT overrules");
      err.flush();
    }
    return through;
  }

  /** The newest comparison of this candidate with the present champion. */
  private static Optional<Artifact> gate(
      ArtifactStore store, Candidate candidate, Optional<Champion> current) {
    String against = current.map(Champion::describe).orElse("");
    return store.committed("gate").stream()
        .filter(
            artifact ->
                candidate
                        .fingerprint()
                        .equals(artifact.manifest().notes().get("candidate.fingerprint"))
                    && against.equals(artifact.manifest().notes().get("champion")))
        .findFirst();
  }
}
