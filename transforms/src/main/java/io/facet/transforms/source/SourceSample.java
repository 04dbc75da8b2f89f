package io.facet.transforms.source;

import java.io.Serializable;

/**
 * One picture a source offers, not read yet.
 *
 * @param name unique inside the source, such as {@code 001/frontal/01.jpg}
 * @param identity who is seen, with the source's namespace; empty if nobody knows
 * @param uri the file that holds the picture; empty if the source makes it itself
 * @param record position inside the file, -1 if the file is the picture
 * @param stamp changes when the file does (size and time); empty if unknown
 * @param landmarks five points in pixels of the picture, empty if unknown
 */
@SuppressWarnings("ArrayRecordComponent")
public record SourceSample(
    String name, String identity, String uri, long record, String stamp, float[] landmarks)
    implements Serializable {
  private static final float[] NONE = {};

  /** A picture that is a file of its own, without known landmarks. */
  public static SourceSample file(String name, String identity, String uri, String stamp) {
    return new SourceSample(name, identity, uri, -1, stamp, NONE);
  }
}
