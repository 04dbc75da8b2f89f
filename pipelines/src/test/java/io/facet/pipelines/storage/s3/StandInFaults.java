package io.facet.pipelines.storage.s3;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** How a stand-in fails: some of the requests that match, the others not. */
final class StandInFaults {
  static final StandInFaults NONE =
      new StandInFaults(Fault.NONE, request -> false, 1, Duration.ZERO);

  private final Fault fault;
  private final Predicate<S3StandIn.Request> which;
  private final int every;
  private final Duration lag;
  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicInteger happened = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);

  /** What happens to a request. */
  enum Fault {
    NONE,
    /** 500, and nothing was done. */
    ERROR,
    /** 503 SlowDown. */
    BUSY,
    /** It was done, but the answer is 500. */
    LOST_ANSWER,
    /** No answer at all. */
    STALL,
    /** Half of an answer. */
    CUT
  }

  private StandInFaults(Fault fault, Predicate<S3StandIn.Request> which, int every, Duration lag) {
    this.fault = fault;
    this.which = which;
    this.every = every;
    this.lag = lag;
  }

  /** The first of each so many requests that match fails. */
  static StandInFaults of(Fault fault, int every, Predicate<S3StandIn.Request> which) {
    return new StandInFaults(fault, which, every, Duration.ZERO);
  }

  /** Listings do not show what is younger. */
  static StandInFaults lagging(Duration lag) {
    return new StandInFaults(Fault.NONE, request -> false, 1, lag);
  }

  Fault next(S3StandIn.Request request) {
    if (which.test(request) && seen.getAndIncrement() % every == 0) {
      happened.incrementAndGet();
      return fault;
    }
    return Fault.NONE;
  }

  /** How many requests failed. */
  int happened() {
    return happened.get();
  }

  Duration listingLag() {
    return lag;
  }

  /** Until the stand-in ends: the client must give up before. */
  void await() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void release() {
    released.countDown();
  }
}
