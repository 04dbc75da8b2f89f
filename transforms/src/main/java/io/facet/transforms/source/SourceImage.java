package io.facet.transforms.source;

/**
 * An image as its source gives it.
 *
 * @param encoded bytes of the image file
 * @param landmarks five points in its pixels, empty if unknown
 */
@SuppressWarnings("ArrayRecordComponent")
public record SourceImage(byte[] encoded, float[] landmarks) {}
