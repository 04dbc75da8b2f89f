package io.facet.tracking.journal;

/**
 * A place between two records.
 *
 * @param segment number of the segment file, from 1
 * @param offset byte offset in it
 */
public record JournalPosition(int segment, long offset) implements Comparable<JournalPosition> {
  /** Before the first record. */
  public static final JournalPosition START = new JournalPosition(1, JournalFormat.MAGIC_BYTES);

  @Override
  public int compareTo(JournalPosition other) {
    return segment != other.segment
        ? Integer.compare(segment, other.segment)
        : Long.compare(offset, other.offset);
  }
}
