package io.facet.pipelines.embed;

/**
 * The face on one image.
 *
 * @param image its path
 * @param score of the detector, in 0..1; 1 if nothing was detected
 * @param landmarks five points in pixels of the image, x and y in turn, 10 values
 * @param embedding of length 1 (L2-normalised), {@code (d)}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EmbeddedImage(String image, float score, float[] landmarks, float[] embedding) {}
