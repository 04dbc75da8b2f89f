package io.facet.transforms.ingest;

/**
 * An image to be kept.
 *
 * @param place its number in the chunk that has it
 * @param imageId SHA-256 of the encoded bytes
 * @param partition where it goes, see {@link io.facet.transforms.parquet.Partition}
 */
record KeptImage(long place, String imageId, String partition) {}
