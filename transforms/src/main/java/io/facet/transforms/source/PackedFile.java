package io.facet.transforms.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of many images that is never listed image by image: workers read it in ranges of bytes.
 *
 * @param uri of the file
 * @param stamp changes when the file does (size and time)
 * @param size in bytes
 * @param index file that says where its images are; empty if there is none
 * @param indexStamp stamp of that file; empty if there is none
 * @param prefix what the names of its images begin with
 * @param images about how many there are
 */
public record PackedFile(
    String uri,
    String stamp,
    long size,
    String index,
    String indexStamp,
    String prefix,
    long images)
    implements Serializable {
  private static final long SHORTEST = 4L << 20;
  private static final long LONGEST = 64L << 20;

  /** Whether there is an index beside it. */
  public boolean isIndexed() {
    return !index.isEmpty();
  }

  /** Divides it into some sixteen ranges of 4 to 64 MiB. */
  public List<SourceRange> ranges() {
    return ranges(Math.max(SHORTEST, Math.min(LONGEST, size / 64 * 4)));
  }

  /**
   * Divides it.
   *
   * @param bytes of a range, a multiple of 4
   */
  public List<SourceRange> ranges(long bytes) {
    List<SourceRange> ranges = new ArrayList<>();
    for (long start = 0; start < size; start += bytes) {
      ranges.add(new SourceRange(this, start, Math.min(size, start + bytes)));
    }
    return ranges;
  }
}
