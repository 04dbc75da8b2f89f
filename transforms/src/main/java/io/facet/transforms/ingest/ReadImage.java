package io.facet.transforms.ingest;

import io.facet.transforms.row.ImageRow;
import io.facet.transforms.source.SampleReading;

/**
 * An image with the place it came from.
 *
 * @param spec number of its source
 * @param name in it
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
    float[] landmarks) {
  static ReadImage of(int spec, String name, SampleReading.Read read) {
    return new ReadImage(
        spec,
        name,
        read.imageId(),
        read.image().encoded(),
        read.header().format().key(),
        read.header().width(),
        read.header().height(),
        read.image().landmarks());
  }

  ImageRow image() {
    return new ImageRow(imageId, encoded, format, width, height, landmarks);
  }
}
