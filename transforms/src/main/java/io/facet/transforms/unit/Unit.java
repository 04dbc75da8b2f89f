package io.facet.transforms.unit;

import io.facet.transforms.attempt.AttemptFolder;

/**
 * One long computation of a stage, such as a training. It runs on a worker, knows nothing but its
 * job and its attempt folder, and leaves its results there.
 *
 * <p>It may be stopped at any moment and run again with the same job and folder: it goes on from
 * its last checkpoint and overwrites what it left before. Implementations have a constructor
 * without arguments.
 *
 * @param <J> the job: a record that {@link io.facet.models.option.RecordBinder} can write and bind
 */
public interface Unit<J extends Record> {
  /** The record of the job. */
  Class<J> jobType();

  /**
   * Computes.
   *
   * @throws InterruptedException soon after the thread is interrupted; the job was cancelled
   */
  void run(J job, AttemptFolder attempt) throws Exception;
}
