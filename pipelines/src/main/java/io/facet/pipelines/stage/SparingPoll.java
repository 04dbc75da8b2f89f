package io.facet.pipelines.stage;

import io.facet.pipelines.DaemonThreads;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into an attempt folder every half second while workers write to it, and more seldom where a
 * look takes long: at most 1 % of a processor. Closing ends it.
 */
final class SparingPoll implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SparingPoll.class);
  private static final long PERIOD_MILLIS = 500;
  private static final long REST_PER_LOOK = 100;

  /** One look. */
  interface Look {
    void look() throws IOException;
  }

  private final AttemptFolder attempt;
  private final Look look;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("facet-progress"));

  SparingPoll(AttemptFolder attempt, Look look) {
    this.attempt = attempt;
    this.look = look;
    lookAfter(PERIOD_MILLIS);
  }

  private void lookAfter(long millis) {
    try {
      thread.schedule(this::lookAndGoOn, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: {}", attempt.uri());
    }
  }

  private void lookAndGoOn() {
    long began = System.nanoTime();
    lookOnce();
    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    lookAfter(Math.max(PERIOD_MILLIS, REST_PER_LOOK * spent));
  }

  /** Trouble with reading progress must not end the work; what is missed now is read later. */
  void lookOnce() {
    try {
      look.look();
    } catch (IOException | RuntimeException e) {
      LOG.debug("progress of {} cannot be read yet: {}", attempt.uri(), e.toString());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
