package io.facet.pipelines.plan;

import io.facet.pipelines.DaemonThreads;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads that make instances, and how they are stopped: an interrupt reaches a thread only
 * while it makes one.
 */
final class InstanceThreads implements AutoCloseable {
  private final Set<Thread> making = new HashSet<>();
  private ExecutorService pool;
  private boolean stopped;

  /** As many threads; closing ends them. */
  ExecutorService open(int count) {
    pool = Executors.newFixedThreadPool(count, DaemonThreads.named("facet-instance"));
    return pool;
  }

  /** Called by a thread before it makes an instance; false once all is stopped. */
  synchronized boolean begin() {
    return !stopped && making.add(Thread.currentThread());
  }

  /** Called by a thread after that; clears an interrupt that came too late to matter. */
  synchronized void end() {
    making.remove(Thread.currentThread());
    Thread.interrupted();
  }

  /** Interrupts what is being made, and lets nothing else begin. */
  synchronized void stop() {
    stopped = true;
    making.forEach(Thread::interrupt);
  }

  synchronized boolean stopped() {
    return stopped;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
