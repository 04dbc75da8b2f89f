package io.facet.transforms.source;

import java.io.Serializable;

/**
 * The images that begin in a range of bytes of a file; one task reads them.
 *
 * @param file they lie in
 * @param start first byte
 * @param end byte behind the last one
 */
public record SourceRange(PackedFile file, long start, long end) implements Serializable {
  /** About how many images there are in it. */
  public long images() {
    return Math.round((double) file.images() * (end - start) / file.size());
  }

  /**
   * What a first look at a range found out.
   *
   * @param first byte where its first image begins; the end of the file if it has none
   * @param next byte where the first image behind it begins
   * @param records in it, those that are no images among them
   */
  public record Extent(long first, long next, long records) implements Serializable {}
}
