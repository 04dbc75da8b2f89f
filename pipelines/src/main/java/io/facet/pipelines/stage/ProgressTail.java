package io.facet.pipelines.stage;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.plan.StageContext;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.train.TrainingProgress;
import io.facet.transforms.train.TrainingResume;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the progress that a training on a worker writes into its attempt folder, since Flink
 * shows no counters while a job runs. Closing reads what is left.
 */
final class ProgressTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressTail.class);
  private final StageContext context;
  private final AttemptFolder attempt;
  private final SparingPoll poll;
  private long last = -1;
  private Optional<TrainingResume> resume;

  private ProgressTail(StageContext context) {
    this.context = context;
    this.attempt = context.attempt();
    this.resume = earlierResume();
    this.poll = new SparingPoll(attempt, this::read);
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
    return new ProgressTail(context);
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
    poll.close();
    poll.lookOnce();
  }
}
