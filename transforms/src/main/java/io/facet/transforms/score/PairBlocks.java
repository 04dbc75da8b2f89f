package io.facet.transforms.score;

import io.facet.transforms.row.PairRow;
import java.io.Serializable;

/**
 * Parts images into blocks, so that all pairs between two blocks, and the embeddings these need,
 * are in one task's memory: at most 65,536 embeddings (128 MB of 512 numbers), about as many of the
 * list as {@link #PAIRS}. An embedding then travels once to each block that it has pairs with,
 * rather than once with each pair.
 *
 * @param count of blocks
 */
record PairBlocks(int count) implements Serializable {
  /** Of a block, on average. */
  static final int IMAGES = 1 << 15;

  /** Between two blocks, on average. */
  static final int PAIRS = 1 << 17;

  /** 2^32 over the golden ratio. */
  private static final int SPREAD = 0x9e3779b9;

  /**
   * As many as are needed.
   *
   * @param images that pairs are of, at most
   * @param pairs of all lists
   */
  static PairBlocks of(long images, long pairs) {
    double ofImages = Math.ceil((double) images / IMAGES);
    double ofPairs = Math.ceil(Math.sqrt(2.0 * pairs / PAIRS));
    return new PairBlocks((int) Math.max(1, Math.max(ofImages, ofPairs)));
  }

  /** Name of the two blocks that a pair's images are in, whichever comes first. */
  String between(PairRow pair) {
    int left = block(pair.leftImageId());
    int right = block(pair.rightImageId());
    return Math.min(left, right) + " " + Math.max(left, right);
  }

  private int block(String imageId) {
    // ids of a pattern may have hashes of a pattern: the highest bits of a product have none
    return (int) (Integer.toUnsignedLong(imageId.hashCode() * SPREAD) * count >>> Integer.SIZE);
  }
}
