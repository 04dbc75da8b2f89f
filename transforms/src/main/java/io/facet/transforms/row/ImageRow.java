package io.facet.transforms.row;

import io.facet.models.face.AlignedImages;
import java.io.Serializable;

/**
 * Table {@code images}: one distinct image with its original bytes.
 *
 * @param imageId SHA-256 of {@code bytes}, 64 lower-case hexadecimal digits
 * @param bytes the encoded image as found
 * @param format by its magic bytes: {@code jpeg}, {@code png} ...
 * @param width in pixels
 * @param height in pixels
 * @param landmarks five points (10 numbers, pixels) if the source knows them, else empty
 * @param aligned whether its source takes it for an aligned crop
 */
@SuppressWarnings("ArrayRecordComponent")
public record ImageRow(
    String imageId,
    @InPlace byte[] bytes,
    String format,
    int width,
    int height,
    float[] landmarks,
    AlignedImages aligned)
    implements Serializable {}
