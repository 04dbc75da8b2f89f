package io.facet.pipelines.embed;

/**
 * A face on an image.
 *
 * @param image its path
 * @param face number of the face on it, the largest and most central is 0
 * @param score of the detector, in 0..1; 1 if nothing was detected
 * @param landmarks five points in pixels of the image, x and y in turn, 10 values
 * @param embedding of length 1 (L2-normalised), {@code (d)}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EmbeddedImage(
    String image, int face, float score, float[] landmarks, float[] embedding) {}
