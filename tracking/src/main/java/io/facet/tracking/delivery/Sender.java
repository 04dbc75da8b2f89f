package io.facet.tracking.delivery;

import io.facet.tracking.file.Locks;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.outbox.Delivery.DeliveredRun;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Secrets;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to MLflow. First it delivers what earlier processes left behind, then
 * what this one writes, waiting longer after each failure.
 */
public final class Sender {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
  private static final long LINGER_MILLIS = 1000;

  private final Outbox outbox;
  private final Optional<Session> own;
  private final TrackingOptions options;
  private final Supplier<? extends Collection<String>> openRuns;
  private final Thread thread = new Thread(this::run, "facet-tracking");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final RetryBackoff backoff = new RetryBackoff();

  private volatile String trouble = "";
  private volatile String skipped = "";
  private volatile SessionDelivery current;
  private boolean news;
  private boolean stopping;
  private long lastHeartbeat = System.nanoTime();

  /**
   * Makes a sender.
   *
   * @param own session that is being written by this process; without one the sender ends when all
   *     sessions are delivered
   * @param openRuns uuids that get heartbeats
   */
  public Sender(
      Outbox outbox,
      Optional<Session> own,
      TrackingOptions options,
      Supplier<? extends Collection<String>> openRuns) {
    this.outbox = outbox;
    this.own = own;
    this.options = options;
    this.openRuns = openRuns;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Says that the journal has more. */
  public void wake() {
    lock.lock();
    try {
      news = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What hinders delivery now, or empty. */
  public String trouble() {
    return trouble.isEmpty() ? skipped : trouble;
  }

  public Optional<String> page(String uuid) {
    SessionDelivery delivery = current;
    if (delivery == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(delivery.state().runs().get(uuid))
        .filter(run -> !run.mlflowId().isEmpty())
        .map(this::page);
  }

  /** Delivers what is left for at most {@code drain}, then ends. The journal is closed before. */
  public void stop(Duration drain) {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Math.max(1, drain.toMillis()));
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(1000);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private String page(DeliveredRun run) {
    String server = options.server().map(Secrets::withoutUser).orElse("");
    return server + "/#/experiments/" + run.experimentId() + "/runs/" + run.mlflowId();
  }

  private void run() {
    try (MlflowApi api = new MlflowApi(options)) {
      for (Session session : outbox.toDeliver()) {
        if (own.isEmpty() || !session.folder().equals(own.get().folder())) {
          deliver(session, api, false);
        }
      }
      if (own.isPresent()) {
        deliver(own.get(), api, true);
      }
    } catch (InterruptedException | ClosedByInterruptException e) {
      LOG.debug("Delivery was stopped before its end");
    } catch (IOException | RuntimeException e) {
      trouble = "delivery ended: " + e;
      LOG.error("Delivery of tracking events ended; 'facet track sync' delivers the rest", e);
    }
  }

  /** Delivers a session to its end; a living one until we stop. */
  private void deliver(Session session, MlflowApi api, boolean living)
      throws InterruptedException, IOException {
    Optional<Locks.Held> right = session.tryDeliver();
    while (right.isEmpty()) {
      if (!living || isStopping()) {
        return;
      }
      // Another process is delivering our session at the moment, such as `facet track sync`.
      await(LINGER_MILLIS, false);
      right = session.tryDeliver();
    }
    try (Locks.Held held = right.get();
        SessionDelivery delivery = new SessionDelivery(session, api)) {
      if (living) {
        current = delivery;
      }
      boolean stop = false;
      while (!stop) {
        boolean last = isStopping();
        try {
          while (delivery.step()) {
            succeeded();
          }
          stop = living ? last : true;
          if (living && !last) {
            heartbeat(delivery);
            await(LINGER_MILLIS, false);
            awaitNews();
          }
        } catch (MlflowFailure e) {
          stop = !living && e.kind() == MlflowFailure.Kind.DELETED ? skipped(e) : failed(e);
        }
      }
    }
  }

  private void heartbeat(SessionDelivery delivery) throws MlflowFailure, InterruptedException {
    if (System.nanoTime() - lastHeartbeat > options.heartbeat().toNanos()) {
      lastHeartbeat = System.nanoTime();
      for (String uuid : openRuns.get()) {
        delivery.heartbeat(uuid, Instant.now().toString());
      }
    }
  }

  private void succeeded() {
    if (backoff.failures() > 0) {
      LOG.info("MLflow takes tracking events again");
    }
    backoff.succeeded();
    trouble = "";
  }

  /** An old session whose experiment was deleted must not keep the others waiting. */
  private boolean skipped(MlflowFailure e) {
    LOG.warn("Events of an earlier run stay in the outbox: {}", e.getMessage());
    skipped = e.getMessage();
    return true;
  }

  /** Notes a failure and pauses; answers whether to give up, which happens only when closing. */
  private boolean failed(MlflowFailure e) throws InterruptedException {
    if (backoff.failures() == 0) {
      LOG.warn("MLflow does not take tracking events: {}. They stay in the outbox", e.getMessage());
    }
    trouble = e.getMessage();
    Optional<Duration> rest = backoff.failed(e, isStopping());
    if (rest.isPresent()) {
      await(rest.get().toMillis(), true);
    }
    return rest.isEmpty();
  }

  private boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the time to pass, or until stopping begins. */
  private void await(long millis, boolean evenWhenStopping) throws InterruptedException {
    lock.lock();
    try {
      boolean begunStopping = stopping;
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (left > 0 && (stopping == begunStopping) && (!stopping || evenWhenStopping)) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the journal has more, it is time for a heartbeat, or stopping begins. */
  private void awaitNews() throws InterruptedException {
    lock.lock();
    try {
      long left = options.heartbeat().toNanos();
      while (left > 0 && !news && !stopping) {
        left = changed.awaitNanos(left);
      }
      news = false;
    } finally {
      lock.unlock();
    }
  }
}
