package io.facet.models.train;

/** Chooses the crops of every step. A function of its construction and the epoch, without state. */
public interface Sampler {
  /** Steps of one epoch, at least 1. */
  int stepsPerEpoch();

  /**
   * The batches of an epoch.
   *
   * @param epoch from 0
   * @return positions in the training set, one array a step
   */
  int[][] epoch(int epoch);
}
