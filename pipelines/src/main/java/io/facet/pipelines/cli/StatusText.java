package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.run.InstanceProgress;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** A run's status in words, and as JSON. */
final class StatusText {
  private StatusText() {}

  /** {@code tiny 1f0c... running for 2:31 (process 4711 on HOST)}. */
  static String head(RunStatus status) {
    RunRecord run = status.run();
    String name = run.recipe() + " " + run.run() + " ";
    String time = time(status.duration());
    if (status.driverGone()) {
      return name
          + "driver gone: %s does not live any more; to resume: %s"
              .formatted(run.driver(), status.resumeCommand());
    }
    return switch (run.state()) {
      case RUNNING -> name + "running for %s (%s)".formatted(time, run.driver());
      case FINISHED -> name + "finished after " + time;
      case FAILED, KILLED ->
          name
              + "%s after %s%s%nto resume: %s"
                  .formatted(
                      word(run.state()),
                      time,
                      run.reason().isEmpty() ? "" : ": " + run.reason(),
                      status.resumeCommand());
    };
  }

  /** One instance: {@code distill[none#1] running 120 of 400 steps, 312 images/s, 0:42 left}. */
  static String line(RunStatus status, RunRecord.Instance instance) {
    return "%-34s %-8s %s"
        .formatted(instance.name(), word(state(status, instance)), detail(status, instance))
        .stripTrailing();
  }

  /** What a dead driver was doing has stopped. */
  private static RunRecord.InstanceState state(RunStatus status, RunRecord.Instance instance) {
    boolean stopped = status.driverGone() && instance.state() == RunRecord.InstanceState.RUNNING;
    return stopped ? RunRecord.InstanceState.STOPPED : instance.state();
  }

  private static String detail(RunStatus status, RunRecord.Instance instance) {
    return switch (instance.state()) {
      case WAITING, CACHED -> "";
      case RUNNING -> running(status, instance);
      case DONE -> String.format(Locale.ROOT, "%.1f s", instance.seconds());
      case FAILED, STOPPED, SKIPPED -> instance.note();
    };
  }

  private static String running(RunStatus status, RunRecord.Instance instance) {
    InstanceProgress progress = status.progress().get(instance.name());
    if (progress == null && status.driverGone()) {
      return "";
    }
    if (progress == null) {
      return instance
          .started()
          .map(begun -> "for " + time(Duration.between(Instant.parse(begun), status.at())))
          .orElse("");
    }
    StringBuilder text = new StringBuilder();
    text.append("%d of %d %s".formatted(progress.step(), progress.totalSteps(), progress.unit()));
    if (status.driverGone()) {
      return text.toString();
    }
    progress.imagesPerSecond().ifPresent(v -> text.append(number(", %.0f images/s", v)));
    progress.loss().ifPresent(v -> text.append(number(", loss %.4f", v)));
    progress
        .secondsLeft()
        .ifPresent(
            v -> text.append(", ").append(time(Duration.ofSeconds(Math.round(v)))).append(" left"));
    return text.toString();
  }

  /** The record, with {@code driverGone}, {@code seconds}, {@code resume} and {@code progress}. */
  static String json(RunStatus status) {
    ObjectNode tree = (ObjectNode) RecordBinder.toTree(status.run());
    tree.put("driverGone", status.driverGone());
    tree.put("seconds", status.duration().toMillis() / 1000.0);
    tree.put("resume", status.resumeCommand());
    ObjectNode progress = JsonNodeFactory.instance.objectNode();
    status.progress().forEach((name, of) -> progress.set(name, RecordBinder.toTree(of)));
    tree.set("progress", progress);
    return tree.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String time(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
