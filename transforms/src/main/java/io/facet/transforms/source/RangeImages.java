package io.facet.transforms.source;

import java.io.IOException;

/** Takes the images of a range, one by one. */
public interface RangeImages {
  /** An image that was read. */
  void image(SourceSample sample, SourceImage image) throws IOException;

  /**
   * Something that cannot be used.
   *
   * @param reason code, such as {@code damaged-record}
   * @param detail for people, with the place in the file
   */
  void refused(String name, String reason, String detail);
}
