package io.facet.transforms.source;

/**
 * A picture as its source gives it.
 *
 * @param encoded bytes of the picture file
 * @param landmarks five points in its pixels, empty if unknown
 */
@SuppressWarnings("ArrayRecordComponent")
public record SourcePicture(byte[] encoded, float[] landmarks) {}
