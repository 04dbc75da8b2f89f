package io.facet.transforms.ingest;

/**
 * An image to be kept.
 *
 * @param chunk {@link Chunk#key} of the chunk that has it
 * @param place its number in the chunk
 * @param imageId SHA-256 of the encoded bytes
 * @param partition where it goes, see {@link io.facet.transforms.parquet.Partition}
 */
record KeptImage(String chunk, long place, String imageId, String partition) {}
