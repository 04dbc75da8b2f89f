package io.facet.tracking.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Changes records of a journal in their places. Each keeps its length, so that positions in the
 * journal stay what they are; a change that is cut short leaves one damaged record, which readers
 * pass over.
 */
public final class JournalEdit {
  private JournalEdit() {}

  /** What becomes of a record. */
  @FunctionalInterface
  public interface Change {
    /**
     * The new payload, as long as the old one.
     *
     * @param entry the record as it is
     * @return empty if it stays as it is
     */
    Optional<byte[]> of(JournalReader.Entry entry) throws IOException;
  }

  /**
   * Changes records; what was changed is on the disk when this returns.
   *
   * @param folder of a journal that nobody writes at the time
   * @return how many records were changed
   */
  public static int apply(Path folder, Change change) throws IOException {
    int changed = 0;
    try (JournalReader reader = new JournalReader(folder, JournalPosition.START)) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        JournalReader.Entry entry = next.get();
        Optional<byte[]> payload = change.of(entry);
        if (payload.isPresent()) {
          write(folder, entry, payload.get());
          changed++;
        }
      }
    }
    return changed;
  }

  private static void write(Path folder, JournalReader.Entry entry, byte[] payload)
      throws IOException {
    if (payload.length != entry.payload().length) {
      throw new IllegalArgumentException(
          "a record of %d bytes cannot become one of %d"
              .formatted(entry.payload().length, payload.length));
    }
    Path segment = JournalFormat.segment(folder, entry.start().segment());
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(entry.start().offset() + Integer.BYTES);
      file.writeInt(JournalFormat.checksum(payload, 0, payload.length));
      file.write(payload);
      file.getFD().sync();
    }
  }
}
