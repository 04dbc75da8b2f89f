package io.facet.models.face;

import java.io.Serializable;

/**
 * One face found in an image, in pixels of that image.
 *
 * @param x left edge of the box, may be negative
 * @param y top edge of the box, may be negative
 * @param width of the box
 * @param height of the box
 * @param landmarks five points x0, y0, ... x4, y4: eye on the left side of the image, other eye,
 *     nose, mouth corner on the left side of the image, other mouth corner
 * @param score detector confidence in 0..1
 */
@SuppressWarnings("ArrayRecordComponent")
public record DetectedFace(
    float x, float y, float width, float height, float[] landmarks, float score)
    implements Serializable {}
