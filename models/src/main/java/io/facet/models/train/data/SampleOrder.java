package io.facet.models.train.data;

/**
 * Chooses the crops of every batch. A function of its construction and the epoch, without state.
 */
public interface SampleOrder {
  /** Batches of one epoch, at least 1. */
  int batchesPerEpoch();

  /**
   * The batches of an epoch, all of one size.
   *
   * @param epoch from 0
   * @return positions in the training set, one array a batch
   */
  int[][] epoch(int epoch);

  /**
   * Crops at the front of each batch that the identity term is computed on; the others serve the
   * method alone.
   */
  default int identityCrops(int batchSize) {
    return batchSize;
  }
}
