package io.facet.pipelines.stage;

import io.facet.pipelines.plan.StageContext;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.attempt.WorkDone;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how many images a job has done, by what its tasks count into the attempt folder. */
final class WorkTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkTail.class);

  private final StageContext context;
  private final SparingPoll poll;

  private WorkTail(StageContext context) {
    this.context = context;
    this.poll = new SparingPoll(context.attempt(), this::look);
  }

  static WorkTail follow(StageContext context) {
    return new WorkTail(context);
  }

  private void look() throws IOException {
    WorkDone work = WorkDone.read(context.attempt());
    if (work.done() > 0) {
      context.progress(work.done(), work.expected(), "images");
    }
  }

  /**
   * Removes the counts: those of an earlier job are not of this one, and none is of the artifact.
   */
  static void clear(StageContext context) {
    AttemptFolder attempt = context.attempt();
    try {
      WorkDone.clear(attempt);
    } catch (IOException e) {
      LOG.debug("counts in {} cannot be removed: {}", attempt.uri(), e.toString());
    }
  }

  @Override
  public void close() {
    poll.close();
    clear(context);
  }
}
