package io.facet.transforms.ingest;

import io.facet.transforms.row.SampleRow;

/**
 * An image that was looked at, and where it can be read again.
 *
 * @param spec number of its source
 * @param source label of its source
 * @param name in it
 * @param identity who is seen, empty if nobody knows
 * @param split of the identity
 * @param imageId SHA-256 of the encoded bytes
 * @param landmarks whether its source knows them
 * @param chunk {@link Chunk#key} of the chunk it was read in
 * @param place its number in the chunk, what cannot be used counted as well
 */
record SeenImage(
    int spec,
    String source,
    String name,
    String identity,
    String split,
    String imageId,
    boolean landmarks,
    String chunk,
    long place) {
  SampleRow sample() {
    return new SampleRow(source, name, identity, split, imageId);
  }
}
