package io.facet.pipelines.cli;

import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.run.RunFolder;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.run.RunStatus;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How a run stands, from what its driver and its workers leave in the store. */
@Command(
    name = "status",
    description =
        "Shows how a run stands: its stages, steps, images a second and the time left. Works from"
            + " any terminal, also for runs on a Flink cluster and for those that died.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 1000;
  private static final long LINE_MILLIS = 5000;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Beginning of a run's id, or name of its recipe; default: the newest run.")
  private String wanted;

  @Mixin private StoreOption store;

  @Option(
      names = "--follow",
      description = "Go on showing changes until the run ends; the exit code is the run's.")
  private boolean follow;

  @Option(names = "--json", description = "Machine-readable: one line of JSON for each look.")
  private boolean json;

  @Spec private CommandSpec spec;
  private final Map<String, Shown> shown = new HashMap<>();

  private record Shown(RunRecord.InstanceState state, Instant when) {}

  @Override
  public Integer call() throws InterruptedException {
    RunRecords records = new RunRecords(store.folder());
    RunRecord run = records.find(Optional.ofNullable(wanted));
    RunStatus status = RunStatus.of(run, Instant.now());
    show(status);
    if (!follow) {
      return ExitCodes.OK;
    }
    while (status.run().state() == RunRecord.State.RUNNING && !status.driverGone()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      RunFolder folder = new RunFolder(records.store(), run.run());
      status = RunStatus.of(records.read(folder).orElse(status.run()), Instant.now());
      showChanges(status);
    }
    if (!json) {
      say(StatusText.head(status));
    }
    return status
        .run()
        .exitCode()
        .orElse(status.driverGone() ? ExitCodes.INFRASTRUCTURE : ExitCodes.OK);
  }

  private void show(RunStatus status) {
    if (json) {
      say(StatusText.json(status));
      return;
    }
    say(StatusText.head(status));
    for (RunRecord.Instance instance : status.run().instances()) {
      shown.put(instance.name(), new Shown(instance.state(), status.at()));
      say(StatusText.line(status, instance));
    }
  }

  private void showChanges(RunStatus status) {
    if (json) {
      say(StatusText.json(status));
      return;
    }
    for (RunRecord.Instance instance : status.run().instances()) {
      Shown before = shown.get(instance.name());
      boolean changed = before == null || before.state() != instance.state();
      boolean moved =
          instance.state() == RunRecord.InstanceState.RUNNING
              && before != null
              && before.when().plusMillis(LINE_MILLIS).isBefore(status.at());
      if (changed || moved) {
        shown.put(instance.name(), new Shown(instance.state(), status.at()));
        say(StatusText.line(status, instance));
      }
    }
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
