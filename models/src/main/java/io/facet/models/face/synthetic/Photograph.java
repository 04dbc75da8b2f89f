package io.facet.models.face.synthetic;

/**
 * A drawn photograph.
 *
 * @param jpeg encoded image
 * @param width in pixels
 * @param height in pixels
 * @param landmarks five points in pixels, ordered as in {@link
 *     io.facet.models.face.DetectedFace#landmarks()}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Photograph(byte[] jpeg, int width, int height, float[] landmarks) {}
