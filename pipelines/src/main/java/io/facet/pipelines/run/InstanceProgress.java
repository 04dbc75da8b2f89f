package io.facet.pipelines.run;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Attempts;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.attempt.WorkDone;
import io.facet.transforms.train.TrainingProgress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a training is, by the progress segments it leaves in its attempt folder, or a job over
 * images, by what its tasks count there.
 *
 * @param step optimiser steps done, or images
 * @param totalSteps of all
 * @param unit {@code steps} or {@code images}
 * @param imagesPerSecond at the last step
 * @param loss total loss at the last step
 * @param secondsLeft at the pace of the last steps; empty until there are two, and while none comes
 *     in the time that all should take
 */
public record InstanceProgress(
    long step,
    long totalSteps,
    String unit,
    Optional<Double> imagesPerSecond,
    Optional<Double> loss,
    Optional<Double> secondsLeft) {
  /** Segments that tell the pace. */
  private static final int RECENT = 20;

  private record Moment(TrainingProgress progress, long written) {}

  /** The progress of an instance that runs; empty if it trains nothing, or has not begun to. */
  static Optional<InstanceProgress> read(String store, RunRecord.Instance instance, Instant now)
      throws IOException {
    Optional<AttemptFolder> attempt =
        Attempts.latest(store, instance.stage(), instance.fingerprint());
    Instant since = instance.started().map(Instant::parse).orElse(Instant.EPOCH);
    return attempt.isPresent() ? read(attempt.get(), since, now) : Optional.empty();
  }

  /**
   * The progress of a training, or of a job over images.
   *
   * @param since segments from before are those of an earlier try
   */
  static Optional<InstanceProgress> read(AttemptFolder attempt, Instant since, Instant now)
      throws IOException {
    WorkDone work = WorkDone.read(attempt);
    if (work.done() > 0) {
      return Optional.of(of(work, Duration.between(since, now).toMillis() / 1000.0));
    }
    List<Moment> recent = recent(attempt, since);
    if (recent.isEmpty()) {
      return Optional.empty();
    }
    Moment last = recent.get(recent.size() - 1);
    return Optional.of(
        new InstanceProgress(
            last.progress().step(),
            last.progress().totalSteps(),
            "steps",
            figure(last, "images_per_second"),
            figure(last, "loss/total"),
            secondsLeft(recent.get(0), last, now)));
  }

  private static InstanceProgress of(WorkDone work, double seconds) {
    return new InstanceProgress(
        work.done(),
        work.expected(),
        "images",
        seconds > 0 ? Optional.of(work.done() / seconds) : Optional.empty(),
        Optional.empty(),
        Optional.of(seconds * (work.expected() - work.done()) / work.done()));
  }

  /** In the order of writing: after a resume the last steps of the earlier try are still there. */
  private static List<Moment> recent(AttemptFolder attempt, Instant since) throws IOException {
    List<Map.Entry<Long, Long>> times =
        attempt.progressTimes().entrySet().stream()
            .filter(time -> time.getValue() >= since.toEpochMilli())
            .sorted(
                Map.Entry.<Long, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
            .toList();
    List<Moment> moments = new ArrayList<>();
    for (Map.Entry<Long, Long> time :
        times.subList(Math.max(0, times.size() - RECENT), times.size())) {
      Optional<AttemptFolder.Segment> segment = attempt.progress(time.getKey());
      segment
          .map(whole -> TrainingProgress.parse(whole.bytes()))
          .filter(progress -> !progress.points().isEmpty())
          .ifPresent(progress -> moments.add(new Moment(progress, time.getValue())));
    }
    return moments;
  }

  private static Optional<Double> figure(Moment moment, String name) {
    return moment.progress().points().stream()
        .filter(point -> point.name().equals(name))
        .map(HistoryPoint::value)
        .findFirst();
  }

  private static Optional<Double> secondsLeft(Moment first, Moment last, Instant now) {
    long steps = last.progress().step() - first.progress().step();
    double seconds = (last.written() - first.written()) / 1000.0;
    if (steps <= 0 || seconds <= 0) {
      return Optional.empty();
    }
    double silent = Duration.between(Instant.ofEpochMilli(last.written()), now).toMillis() / 1000.0;
    double left = (last.progress().totalSteps() - last.progress().step()) * seconds / steps;
    return left > silent ? Optional.of(left - Math.max(0, silent)) : Optional.empty();
  }
}
