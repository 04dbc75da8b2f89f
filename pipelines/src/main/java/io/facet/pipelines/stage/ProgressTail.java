package io.facet.pipelines.stage;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.DaemonThreads;
import io.facet.pipelines.plan.StageContext;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.train.TrainingProgress;
import io.facet.transforms.train.TrainingResume;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the progress that a training on a worker writes into its attempt folder, since Flink
 * shows no counters while a job runs. Closing reads what is left.
 */
final class ProgressTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressTail.class);
  private static final long PERIOD_MILLIS = 500;

  /**
   * A look lists the whole folder; in long trainings it comes more seldom, at 1 % of a processor.
   */
  private static final long REST_PER_LOOK = 100;

  private final StageContext context;
  private final AttemptFolder attempt;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("facet-progress"));
  private long last = -1;
  private Optional<TrainingResume> resume;

  private ProgressTail(StageContext context) {
    this.context = context;
    this.attempt = context.attempt();
    this.resume = earlierResume();
  }

  /** What an earlier try left says nothing about this one. */
  private Optional<TrainingResume> earlierResume() {
    try {
      return TrainingResume.read(attempt);
    } catch (IOException e) {
      LOG.debug("{}: {}", attempt.uri(), e.toString());
      return Optional.empty();
    }
  }

  static ProgressTail follow(StageContext context) {
    ProgressTail tail = new ProgressTail(context);
    tail.lookAfter(PERIOD_MILLIS);
    return tail;
  }

  private void lookAfter(long millis) {
    try {
      thread.schedule(this::look, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: {}", attempt.uri());
    }
  }

  private void look() {
    long began = System.nanoTime();
    readQuietly();
    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    lookAfter(Math.max(PERIOD_MILLIS, REST_PER_LOOK * spent));
  }

  /** Trouble with reading progress must not end a training; what is missed now is read later. */
  private void readQuietly() {
    try {
      read();
    } catch (IOException | RuntimeException e) {
      LOG.debug("progress of {} cannot be read yet: {}", attempt.uri(), e.toString());
    }
  }

  private void readResume() throws IOException {
    Optional<TrainingResume> now = TrainingResume.read(attempt);
    if (now.isPresent() && !now.equals(resume)) {
      resume = now;
      now.get().damaged().forEach(context::warn);
      context.resumedAt(now.get().step(), now.get().totalSteps());
    }
  }

  private synchronized void read() throws IOException {
    if (context.resumed()) {
      readResume();
    }
    for (AttemptFolder.Segment segment : attempt.progressAfter(last)) {
      TrainingProgress progress = TrainingProgress.parse(segment.bytes());
      if (!progress.warning().isEmpty()) {
        context.warn(progress.warning());
      }
      List<HistoryPoint> points = progress.points();
      if (!points.isEmpty()) {
        context.progress(progress.step(), progress.totalSteps(), "steps");
        context.history(points, progress.at());
      }
      if (progress.checkpoint()) {
        context.checkpointed(progress.step(), progress.totalSteps());
      }
      last = segment.number();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    readQuietly();
  }
}
