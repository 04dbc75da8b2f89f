package io.facet.tracking.journal;

import io.facet.tracking.outbox.Session;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Random;

/** A session's journal that writes only when a test says so, and dies as processes and discs do. */
public final class ManualJournal {
  private final Session session;
  private final Journal journal;

  public ManualJournal(Session session) throws IOException {
    this.session = session;
    this.journal = Journal.tryOpen(session.folder(), 400_000, false).orElseThrow();
  }

  public Session session() {
    return session;
  }

  public void append(TrackingEvent event) {
    EventWriter.append(journal, event);
  }

  /** What the background thread does five times a second. */
  public void write() {
    journal.write(false);
  }

  /** What happens at checkpoints. */
  public void flush() {
    journal.flush();
  }

  /** Where the file ends. */
  public JournalPosition written() {
    int newest = 1;
    while (JournalFormat.segment(session.folder(), newest + 1).toFile().exists()) {
      newest++;
    }
    long end = JournalFormat.segment(session.folder(), newest).toFile().length();
    return new JournalPosition(newest, end);
  }

  public void close() throws IOException {
    journal.close();
  }

  /** Death of the process: what was not written is lost. */
  public void die() throws IOException {
    journal.die();
  }

  /**
   * Death of the machine: of the newest segment, only what was forced to the disk is sure; the rest
   * is lost from some byte on, and garbage may stand there.
   *
   * @param read how far a reader has forced it
   */
  public void losePower(JournalPosition read, Random random) throws IOException {
    long sure = journal.forced();
    journal.die();
    int newest = written().segment();
    if (read.segment() == newest) {
      sure = Math.max(sure, read.offset());
    }
    sure = Math.max(sure, JournalFormat.MAGIC_BYTES);
    try (RandomAccessFile file =
        new RandomAccessFile(JournalFormat.segment(session.folder(), newest).toFile(), "rw")) {
      long unsure = file.length() - sure;
      if (unsure > 0) {
        long kept = sure + (long) (random.nextDouble() * unsure);
        byte[] garbage = new byte[random.nextInt(20)];
        if (random.nextBoolean()) {
          random.nextBytes(garbage);
        }
        file.setLength(kept);
        file.seek(kept);
        file.write(garbage);
      }
    }
  }
}
