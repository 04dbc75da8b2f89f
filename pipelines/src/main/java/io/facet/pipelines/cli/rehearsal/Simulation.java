package io.facet.pipelines.cli.rehearsal;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.mlflow.ChampionMirror;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.nightly.Night;
import io.facet.pipelines.nightly.NightlyRun;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.run.Console;
import io.facet.pipelines.run.RunRequest;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Plays nights on a growing folder of drawn faces with planted events, and says what each night
 * decided. The nights themselves are ordinary: the same code, store, gate and tracking.
 */
public final class Simulation {
  private static final String RECIPE = "simulated.yaml";
  private static final String NAME = "simulated";

  /** Nobody listens there. */
  private static final String DEAD_SERVER = "http://127.0.0.1:9";

  private final RunRequest request;
  private final Console console;
  private final Console nights;
  private final Path folder;
  private final Path store;
  private final SimulatedImages images;
  private final MlflowServer server;
  private String mlflow = "none";

  /**
   * Beside the store that is asked for.
   *
   * @param verbose whether the nights themselves are told
   */
  public Simulation(RunRequest request, Console console, boolean verbose) {
    this.request = request;
    this.console = console;
    nights = verbose ? console : Console.silent();
    Path beside = request.folder();
    folder = beside.resolveSibling(beside.getFileName() + "-simulation");
    store = folder.resolve("store");
    images = new SimulatedImages(folder);
    server = new MlflowServer(store, System.getenv());
  }

  /** The process is killed, as far as a night in this process can be. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What a night came to. */
  private record Played(SimulatedNight plan, Night night, boolean secondStartWaived) {
    boolean asExpected() {
      boolean twice = plan.fault() == SimulatedNight.Fault.STARTED_TWICE;
      boolean killed = plan.fault() == SimulatedNight.Fault.KILLED;
      return night.decision().equals(plan.decision())
          && night.exitCode() == plan.exitCode()
          && twice == secondStartWaived
          && killed == night.resumed();
    }
  }

  /** Plays that many nights; 0 if all decided as they should. */
  public int play(int nights) throws IOException, InterruptedException {
    List<SimulatedNight> script = SimulatedNight.script();
    if (nights < 1 || nights > script.size()) {
      throw new RecipeException("--simulate: must be 1 to " + script.size() + ", is " + nights);
    }
    prepare();
    startMlflow();
    List<Played> played = new ArrayList<>();
    try {
      for (SimulatedNight night : script.subList(0, nights)) {
        Played one = play(night);
        played.add(one);
        say(line(played.size(), one));
      }
    } finally {
      images.close();
      server.stop();
    }
    say("\n" + table(played).toText());
    say("summaries  " + store.resolve("nights").resolve(NAME));
    long wrong = played.stream().filter(one -> !one.asExpected()).count();
    say(
        wrong == 0
            ? "all %d nights decided as they should".formatted(nights)
            : "%d of %d nights decided otherwise than they should".formatted(wrong, nights));
    return wrong == 0 ? ExitCodes.OK : ExitCodes.BUG;
  }

  private void prepare() throws IOException {
    if (Files.exists(folder)) {
      if (!Files.exists(folder.resolve(RECIPE))) {
        throw new RecipeException(
            folder + " is there and is not an earlier simulation; move it away");
      }
      LocalFiles.deleteTree(folder);
    }
    Files.createDirectories(folder);
    try (InputStream recipe = Simulation.class.getResourceAsStream("/" + RECIPE)) {
      Files.copy(recipe, folder.resolve(RECIPE));
    }
    images.drawPairs();
  }

  private void startMlflow() throws InterruptedException {
    if (request.trackingUri().isPresent()) {
      mlflow = request.trackingUri().get();
      return;
    }
    ServerStatus status = server.start(OptionalInt.empty(), text -> {});
    mlflow = status.uri().map(Object::toString).orElse("none");
    if (!status.running()) {
      say("without MLflow: " + status.detail());
    }
  }

  private Played play(SimulatedNight planned) throws IOException {
    planned.before().change(images);
    if (planned.rollback()) {
      try (ArtifactStore opened = ArtifactStore.open(store.toString())) {
        Champion champion = new Champions(opened, NAME).rollBack("simulated: people complained");
        mirror().moved(champion, Optional.empty());
      }
    }
    boolean away = planned.fault() == SimulatedNight.Fault.NO_MLFLOW;
    RunRequest night = night(planned.settings(), away ? DEAD_SERVER : mlflow);
    List<Stage> stages = Stages.all();
    boolean[] waived = {false};
    switch (planned.fault()) {
      case STARTED_TWICE ->
          stages =
              PlantedStage.whenPlanned(
                  stages,
                  "publish",
                  () ->
                      waived[0] = new NightlyRun(night, nights, Stages.all()).execute().isEmpty());
      case FULL_DISK ->
          stages =
              PlantedStage.whenWritten(
                  stages,
                  "align",
                  () -> {
                    throw new IOException("No space left on device");
                  });
      case KILLED -> killed(night);
      default -> {}
    }
    Night done = new NightlyRun(night, nights, stages).execute().orElseThrow();
    return new Played(planned, done, waived[0]);
  }

  private ChampionMirror mirror() {
    return new ChampionMirror(TrackingTarget.of(Optional.of(mlflow), store), store, "facet");
  }

  /** A first start that dies when its student is trained and not committed yet. */
  private void killed(RunRequest night) throws IOException {
    List<Stage> dying =
        PlantedStage.whenWritten(
            Stages.all(),
            "distill",
            () -> {
              throw new Killed();
            });
    try {
      new NightlyRun(night, nights, dying).execute();
      throw new IllegalStateException("the night should have been killed");
    } catch (Killed e) {
      say("       ... killed");
    }
  }

  /** Everything in this process. */
  private RunRequest night(List<String> settings, String trackingUri) {
    RunRequest night =
        RunRequest.of(folder.resolve(RECIPE))
            .withStore(store.toString())
            .withRunner("DirectRunner")
            .withTrackingUri(trackingUri)
            .withSetting("data.root=" + folder);
    for (String setting : settings) {
      night = night.withSetting(setting);
    }
    return night;
  }

  private static String line(int number, Played one) {
    return String.format(
        Locale.ROOT,
        "night %2d %6.1f s  %-40s %s: %s%s",
        number,
        one.night().seconds(),
        one.plan().event(),
        one.night().decision(),
        one.night().reason(),
        one.asExpected() ? "" : "  (should be " + one.plan().decision() + ")");
  }

  private static TextTable table(List<Played> played) {
    TextTable table =
        new TextTable(
            "night",
            "event",
            "decision",
            "exit",
            "images",
            "made",
            "reused",
            "waiting",
            "champion");
    for (int i = 0; i < played.size(); i++) {
      Night night = played.get(i).night();
      table.row(
          Integer.toString(i + 1),
          played.get(i).plan().event(),
          night.decision(),
          Integer.toString(night.exitCode()),
          night.images().map(Object::toString).orElse("-"),
          Long.toString(count(night, "made")),
          Long.toString(count(night, "cached")),
          Long.toString(night.undelivered()),
          night.champion());
    }
    return table;
  }

  private static long count(Night night, String result) {
    return night.stages().stream().filter(part -> part.result().equals(result)).count();
  }

  private void say(String line) {
    console.print("%s%n".formatted(line));
  }
}
