package io.facet.pipelines.stage;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.plan.StageContext;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.train.TrainingProgress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
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

  private final StageContext context;
  private final AttemptFolder attempt;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "facet-progress");
            made.setDaemon(true);
            return made;
          });
  private long last = -1;

  private ProgressTail(StageContext context) {
    this.context = context;
    this.attempt = context.attempt();
  }

  static ProgressTail follow(StageContext context) {
    ProgressTail tail = new ProgressTail(context);
    tail.thread.scheduleWithFixedDelay(
        tail::readQuietly, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return tail;
  }

  /** Trouble with reading progress must not end a training; what is missed now is read later. */
  private void readQuietly() {
    try {
      read();
    } catch (IOException | RuntimeException e) {
      LOG.debug("progress of {} cannot be read yet: {}", attempt.uri(), e.toString());
    }
  }

  private synchronized void read() throws IOException {
    for (AttemptFolder.Segment segment : attempt.progressAfter(last)) {
      TrainingProgress progress = TrainingProgress.parse(segment.bytes());
      if (!progress.warning().isEmpty()) {
        context.warn(progress.warning());
      }
      List<HistoryPoint> points = progress.points();
      if (!points.isEmpty()) {
        context.progress(progress.step(), progress.totalSteps(), "steps");
        context.history(points, System.currentTimeMillis());
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
