package io.facet.models.face;

/**
 * What an image says about itself.
 *
 * @param format its true type
 * @param width in pixels as stored, before any EXIF rotation
 * @param height in pixels as stored, before any EXIF rotation
 */
public record ImageHeader(ImageFormat format, int width, int height) {}
