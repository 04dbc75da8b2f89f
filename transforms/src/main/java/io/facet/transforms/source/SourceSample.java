package io.facet.transforms.source;

import java.io.Serializable;

/**
 * One image a source offers, not read yet.
 *
 * @param name unique inside the source, such as {@code 001/frontal/01.jpg}
 * @param identity who is seen, with the source's namespace; empty if nobody knows
 * @param uri the file that holds the image; empty if the source makes it itself
 * @param record position inside the file, -1 if the file is the image
 * @param stamp changes when the file does (size and time); empty if unknown
 * @param landmarks five points in pixels of the image, empty if unknown
 */
@SuppressWarnings("ArrayRecordComponent")
public record SourceSample(
    String name, String identity, String uri, long record, String stamp, float[] landmarks)
    implements Serializable {
  private static final float[] NONE = {};

  /** Whether a list names it and no file answers to the name. */
  public boolean isMissing() {
    return !uri.isEmpty() && stamp.isEmpty();
  }

  /** An image that is a file of its own, without known landmarks. */
  public static SourceSample file(String name, String identity, String uri, String stamp) {
    return new SourceSample(name, identity, uri, -1, stamp, NONE);
  }
}
