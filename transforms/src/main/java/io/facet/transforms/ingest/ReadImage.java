package io.facet.transforms.ingest;

import io.facet.models.face.AlignedImages;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.source.SampleReading;

/**
 * An image with the place it came from.
 *
 * @param spec number of its source
 * @param name in it
 * @param aligned what its source says
 */
@SuppressWarnings("ArrayRecordComponent")
record ReadImage(
    int spec,
    String name,
    String imageId,
    byte[] encoded,
    String format,
    int width,
    int height,
    float[] landmarks,
    AlignedImages aligned) {
  static ReadImage of(int spec, String name, SampleReading.Read read, AlignedImages aligned) {
    return new ReadImage(
        spec,
        name,
        read.imageId(),
        read.image().encoded(),
        read.header().format().key(),
        read.header().width(),
        read.header().height(),
        read.image().landmarks(),
        aligned);
  }

  ImageRow image() {
    return new ImageRow(imageId, encoded, format, width, height, landmarks, aligned);
  }
}
