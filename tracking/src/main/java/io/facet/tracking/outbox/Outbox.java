package io.facet.tracking.outbox;

import io.facet.tracking.file.BlobFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The tracking folder of a store. Each process that tracks writes a session of its own below {@code
 * sessions/}; the contents of artifacts lie in {@code blobs/}.
 */
public final class Outbox {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;

  private Outbox(Path folder) {
    this.folder = folder;
  }

  /** The outbox of a store; made when first written. */
  public static Outbox in(Path storeFolder) {
    return new Outbox(storeFolder.resolve("tracking"));
  }

  /** A new session, whose name sorts behind the earlier ones, even if the clock was set back. */
  public Session create() throws IOException {
    Instant begin = Instant.now();
    List<Session> earlier = sessions();
    if (!earlier.isEmpty()) {
      String last = earlier.get(earlier.size() - 1).name();
      Instant next = NAME.parse(last.substring(0, last.lastIndexOf('-')), Instant::from);
      begin = begin.isAfter(next.plusMillis(1)) ? begin : next.plusMillis(1);
    }
    String name = NAME.format(begin) + "-" + UUID.randomUUID().toString().substring(0, 8);
    Path session = folder.resolve("sessions").resolve(name);
    Files.createDirectories(session);
    return new Session(session, blobs());
  }

  /** All sessions, oldest first. */
  public List<Session> sessions() throws IOException {
    Path all = folder.resolve("sessions");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(all)) {
      return list.filter(Files::isDirectory)
          .sorted()
          .map(session -> new Session(session, blobs()))
          .toList();
    }
  }

  /**
   * All sessions in the order they must be delivered. Behind one that begins anew all begin anew:
   * they may go on with its runs, and their tags and statuses are the newer ones.
   */
  public List<Session> toDeliver() throws IOException {
    List<Session> all = sessions();
    boolean anew = false;
    for (Session session : all) {
      if (anew) {
        session.forgetDelivery();
      } else {
        anew = session.undelivered();
      }
    }
    return all;
  }

  /** The contents of artifacts. */
  public BlobFolder blobs() {
    return new BlobFolder(folder.resolve("blobs"));
  }
}
