package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.run.AbandonedRuns;
import io.facet.pipelines.run.RunFolder;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.run.RunStatus;
import io.facet.tracking.Tracking;
import io.facet.tracking.rest.TrackingOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends a run so that it can go on later. */
@Command(
    name = "cancel",
    description =
        "Ends a run as KILLED, here and in MLflow; what it has computed stays, and the command it"
            + " prints goes on from the last checkpoint.",
    mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration DELIVERY = Duration.ofSeconds(20);
  private static final String REASON = "cancelled";

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description =
          "Beginning of a run's id, or name of its recipe; default: the newest run that has not"
              + " ended.")
  private String wanted;

  @Mixin private StoreOption store;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    RunRecords records = new RunRecords(store.folder());
    RunRecord run = choose(records);
    if (run.state() != RunRecord.State.RUNNING) {
      say(StatusText.head(RunStatus.of(run, Instant.now())));
      return ExitCodes.OK;
    }
    Optional<ProcessHandle> driver = run.driver().handle();
    if (driver.isPresent()) {
      stop(driver.get());
    } else if (!run.abandoned(Instant.now())) {
      throw new InfrastructureException(
          "%s drives this run: give the command there".formatted(run.driver()));
    }
    RunRecord left = records.read(new RunFolder(records.store(), run.run())).orElse(run);
    if (left.state() == RunRecord.State.RUNNING) {
      left = new AbandonedRuns(records).kill(left, REASON);
      deliver(records.store(), left);
    }
    say(StatusText.head(RunStatus.of(left, Instant.now())));
    return ExitCodes.OK;
  }

  private RunRecord choose(RunRecords records) {
    if (wanted == null) {
      Optional<RunRecord> running =
          records.all().stream().filter(r -> r.state() == RunRecord.State.RUNNING).findFirst();
      if (running.isPresent()) {
        return running.get();
      }
    }
    return records.find(Optional.ofNullable(wanted));
  }

  /** As a signal from the keyboard; one that does not obey in time is ended the hard way. */
  private void stop(ProcessHandle driver) throws InterruptedException {
    say("stopping process " + driver.pid() + " ...");
    if (driver.pid() == ProcessHandle.current().pid() || !driver.destroy()) {
      throw new RecipeException(
          "process %d cannot be stopped by this user".formatted(driver.pid()));
    }
    try {
      driver.onExit().orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      say("it does not end; ending it the hard way");
      driver.destroyForcibly();
      driver.onExit().join();
    }
  }

  /** What MLflow does not take now, {@code track sync} delivers. */
  private void deliver(Path folder, RunRecord run) {
    TrackingOptions server =
        TrackingTarget.of(Optional.of(run.trackingUri()).filter(uri -> !uri.isEmpty()), folder)
            .options();
    if (server.server().isPresent()) {
      Tracking.sync(server, folder, DELIVERY);
    }
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
