package io.facet.transforms.unit;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The units that run in this JVM, by attempt folder. A driver whose runner is in its own process
 * stops one here and waits until it has saved its checkpoint: an embedded runner that is given up
 * would leave it running.
 */
public final class RunningUnits {
  private static final Map<String, Running> RUNNING = new ConcurrentHashMap<>();
  private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();

  private RunningUnits() {}

  /** A unit and the thread it occupies; not interrupted after its end. */
  private static final class Running {
    private final Thread thread = Thread.currentThread();
    private final CountDownLatch over = new CountDownLatch(1);

    synchronized void interrupt() {
      if (over.getCount() > 0) {
        thread.interrupt();
      }
    }

    synchronized void end() {
      over.countDown();
      Thread.interrupted(); // the thread is the runner's again
    }
  }

  /** A unit may run for an attempt, also after it was stopped for that attempt before. */
  public static void allow(String attemptUri) {
    REFUSED.remove(attemptUri);
  }

  /**
   * Interrupts the unit of an attempt, if one runs here, and waits for its end. One that has not
   * begun yet does not begin any more.
   *
   * @return false if it did not end in time
   */
  public static boolean stop(String attemptUri, Duration longest) throws InterruptedException {
    REFUSED.add(attemptUri);
    Running running = RUNNING.get(attemptUri);
    if (running == null) {
      return true;
    }
    running.interrupt();
    return running.over.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Called by the thread of a unit before it computes. */
  static void begin(String attemptUri) throws InterruptedException {
    RUNNING.put(attemptUri, new Running());
    if (REFUSED.contains(attemptUri)) {
      end(attemptUri);
      throw new InterruptedException("stopped before it began: " + attemptUri);
    }
  }

  /** Called by the same thread once nothing is written any more. */
  static void end(String attemptUri) {
    Running running = RUNNING.remove(attemptUri);
    if (running != null) {
      running.end();
    }
  }
}
