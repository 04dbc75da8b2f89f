package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.forget.Forgetting;
import io.facet.pipelines.forget.Outlook;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.report.ShortHash;
import io.facet.tracking.outbox.Withdrawal;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes an image or a person out of a store, and keeps them out. */
@Command(
    name = "forget",
    description =
        "Deletes an image, or all images of a person, from a store with all that was made of them,"
            + " and keeps them out of later runs. Sources are not touched. Says what models were"
            + " trained on them. Refuses while a run is alive; cut short, it goes on when asked"
            + " again, with or without IMAGE.",
    mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {
  private static final String YES = "forget";

  @Parameters(
      arity = "0..1",
      paramLabel = "IMAGE|PERSON",
      description =
          "An image: a file, at least 6 digits of its SHA-256, or its name in a source. Or a person,"
              + " as the column 'identity' of the table 'samples' has it. Without one, a forgetting"
              + " that was cut short is ended.")
  private String text;

  @Mixin private StoreOption store;

  @Option(names = "--dry-run", description = "Show what would go, and change nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what goes, or would go, as JSON; without names and ids.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(store.folder())) {
      throw new DataException(store.folder() + ": no store is there; see --store");
    }
    if (json != null) {
      json = NamedFile.output("--json", json, List.of());
    }
    try (ArtifactStore opened = ArtifactStore.open(store.folder().toString())) {
      Forgetting forgetting = new Forgetting(store.folder(), opened);
      Optional<Forgetting.Begun> pending = forgetting.pending();
      if (pending.isPresent()) {
        say("a forgetting was cut short: " + pending.get().described());
        finish(forgetting, pending.get(), true);
        if (text == null || dryRun) {
          return ExitCodes.OK;
        }
      } else if (text == null) {
        throw new RecipeException("no forgetting was cut short; name an image or a person");
      }
      try {
        finish(forgetting, forgetting.look(text), yes);
      } catch (DataException e) {
        if (pending.isEmpty()) {
          throw e;
        }
        say("'%s': nothing more of it is in the store".formatted(text));
      }
    }
    return ExitCodes.OK;
  }

  private void finish(Forgetting forgetting, Forgetting.Begun begun, boolean agreed) {
    show(begun);
    if (!dryRun) {
      if (!agreed) {
        ask();
      }
      Optional<Artifact> reduced = forgetting.execute(begun);
      reduced.ifPresent(
          faces ->
              say(
                  "the other faces are kept as %s %s: the next run aligns none of them again"
                      .formatted(
                          faces.manifest().instance(),
                          ShortHash.of(faces.manifest().fingerprint()))));
      say("forgotten; later runs leave these images out, from whatever source they come");
    } else {
      say("nothing was changed");
    }
    if (json != null) {
      NamedFile.write(
          "--json", json, JsonText.pretty(begun.outlook().json()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void ask() {
    Console console = System.console();
    if (console == null) {
      throw new RecipeException("nobody can be asked without a terminal; give --yes or --dry-run");
    }
    String answer = console.readLine("This cannot be undone. Type '%s' to go on: ", YES);
    if (!YES.equals(answer)) {
      throw new RecipeException("not confirmed; nothing was changed");
    }
  }

  private void show(Forgetting.Begun begun) {
    Outlook outlook = begun.outlook();
    say(begun.described());
    artifacts("deleted, and made again by the next run of its recipe", outlook.artifacts());
    artifacts("trained on them: train it again", outlook.models());
    outlook.attempts().forEach(path -> say("deleted: " + path));
    outlook.files().forEach(path -> say("cleaned: " + path));
    outlook.served().forEach(path -> say("deleted: " + path));
    for (Withdrawal.Found found : outlook.tracked().artifacts()) {
      say(
          "outbox: %s of run '%s' is withdrawn%s"
              .formatted(
                  found.path(),
                  found.run(),
                  found.delivered() ? "; MLflow has it: delete it there" : ""));
    }
    if (outlook.tracked().events() > 0) {
      say(
          "outbox: names are blotted out in %d events, %d of which MLflow has"
              .formatted(outlook.tracked().events(), outlook.tracked().delivered()));
    }
    outlook.byHand().forEach(place -> say("by hand: " + place));
  }

  private void artifacts(String what, List<Artifact> artifacts) {
    for (Artifact artifact : artifacts) {
      say(
          "%-34s %s  %s"
              .formatted(
                  artifact.manifest().instance(),
                  ShortHash.of(artifact.manifest().fingerprint()),
                  what));
    }
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
