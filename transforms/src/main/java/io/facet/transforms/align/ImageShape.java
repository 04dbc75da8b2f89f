package io.facet.transforms.align;

import io.facet.models.face.AlignedImages;
import io.facet.transforms.row.ImageRow;

/**
 * What decides how an image is aligned: the columns of {@link ImageRow} without its bytes.
 *
 * @param imageId the image
 * @param width in pixels
 * @param height in pixels
 * @param landmarks five points (10 numbers, pixels) if the source knows them, else empty
 * @param aligned whether its source takes it for an aligned crop
 */
@SuppressWarnings("ArrayRecordComponent")
record ImageShape(String imageId, int width, int height, float[] landmarks, AlignedImages aligned) {
  static ImageShape of(ImageRow image) {
    return new ImageShape(
        image.imageId(), image.width(), image.height(), image.landmarks(), image.aligned());
  }
}
