package io.facet.tracking.outbox;

import io.facet.tracking.file.Locks;
import io.facet.tracking.journal.EventCodec;
import io.facet.tracking.journal.EventHead;
import io.facet.tracking.journal.JournalEdit;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.JournalReader;
import io.facet.tracking.journal.TrackingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out of an outbox what nobody may be told any more: contents of artifacts, and words in
 * events. What was delivered before is at the server, and is answered so that a person can delete
 * it there.
 */
public final class Withdrawal {
  private final Outbox outbox;
  private final String tag;
  private final Content content;
  private final Words words;

  /** Whether the content of an artifact is to go. */
  @FunctionalInterface
  public interface Content {
    boolean matches(Path blob) throws IOException;
  }

  /** Blots out words. */
  @FunctionalInterface
  public interface Words {
    /** The same number of bytes without the words; empty if it holds none. */
    Optional<byte[]> without(byte[] text);
  }

  /**
   * An artifact whose content is to go.
   *
   * @param run name of its run, or its uuid
   * @param path among the run's artifacts
   * @param delivered whether a server has it, as far as the outbox knows
   */
  public record Found(String run, String path, boolean delivered) {}

  /**
   * What was found, and taken out unless only looked for.
   *
   * @param artifacts whose contents went
   * @param events in which words were blotted out
   * @param delivered of these events, those that a server may have
   */
  public record Report(List<Found> artifacts, int events, int delivered) {}

  /**
   * A withdrawal.
   *
   * @param tag name of the tag that stands in the place of an artifact; its value is the path
   */
  public Withdrawal(Outbox outbox, String tag, Content content, Words words) {
    this.outbox = outbox;
    this.tag = tag;
    this.content = content;
    this.words = words;
  }

  /** Looks for it and changes nothing. */
  public Report look() throws IOException {
    return run(false);
  }

  /**
   * Takes it out: first the events, then the contents, so that no event names a content that is
   * gone. Done again it finishes what was cut short.
   *
   * @throws IOException also if another process writes or delivers the outbox
   */
  public Report takeOut() throws IOException {
    return run(true);
  }

  private Report run(boolean change) throws IOException {
    Map<String, Path> matched = contents();
    Collected collected = new Collected(matched.keySet());
    for (Session session : outbox.sessions()) {
      if (change) {
        changed(session, collected);
      } else {
        look(session, collected);
      }
    }
    if (change) {
      for (Path blob : matched.values()) {
        Files.deleteIfExists(blob);
      }
    }
    return new Report(
        collected.found.stream()
            .map(f -> new Found(collected.name(f.run()), f.path(), f.delivered()))
            .toList(),
        collected.events,
        collected.delivered);
  }

  private void changed(Session session, Collected collected) throws IOException {
    try (Locks.Held writer = held(session, "writer.lock");
        Locks.Held sender = held(session, "delivery.lock")) {
      JournalPosition position = session.delivery().position();
      JournalEdit.apply(session.folder(), entry -> collected.change(entry, position));
      session.refused().blot(words::without);
    }
  }

  private void look(Session session, Collected collected) throws IOException {
    JournalPosition position = session.delivery().position();
    try (JournalReader reader = new JournalReader(session.folder(), JournalPosition.START)) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        collected.change(next.get(), position);
      }
    }
  }

  private static Locks.Held held(Session session, String lock) throws IOException {
    return Locks.tryLock(session.folder().resolve(lock))
        .orElseThrow(
            () ->
                new IOException(session.folder() + " is in use by another process (" + lock + ")"));
  }

  private Map<String, Path> contents() throws IOException {
    Map<String, Path> matched = new HashMap<>();
    for (Path blob : outbox.blobs().all()) {
      if (content.matches(blob)) {
        matched.put(blob.getFileName().toString(), blob);
      }
    }
    return matched;
  }

  /** What the sessions hold, one after the other. */
  private final class Collected {
    private final Set<String> gone;
    private final Map<String, String> names = new HashMap<>();
    private final List<Found> found = new ArrayList<>();
    private int events;
    private int delivered;

    Collected(Set<String> gone) {
      this.gone = new HashSet<>(gone);
    }

    String name(String run) {
      return names.getOrDefault(run, run);
    }

    Optional<byte[]> change(JournalReader.Entry entry, JournalPosition position)
        throws IOException {
      boolean told = entry.start().compareTo(position) < 0;
      Optional<byte[]> blotted = words.without(entry.payload());
      if (blotted.isPresent()) {
        events++;
        delivered += told ? 1 : 0;
      }
      byte[] payload = blotted.orElse(entry.payload());
      Optional<EventHead> head = EventCodec.tryHead(payload);
      if (head.isEmpty() || !(head.get().start() || head.get().artifact())) {
        return blotted;
      }
      TrackingEvent event = EventCodec.decode(payload);
      if (event instanceof TrackingEvent.RunStarted start) {
        names.put(start.run(), start.name());
      } else if (event instanceof TrackingEvent.ArtifactKept kept && gone.contains(kept.sha256())) {
        found.add(new Found(kept.run(), kept.path(), told));
        return Optional.of(inItsPlace(kept, payload.length));
      }
      return blotted;
    }

    private byte[] inItsPlace(TrackingEvent.ArtifactKept kept, int length) {
      byte[] note =
          EventCodec.encode(
              new TrackingEvent.Tags(kept.run(), kept.at(), Map.of(tag, kept.path())));
      byte[] padded = Arrays.copyOf(note, length);
      Arrays.fill(padded, note.length, length, (byte) ' ');
      return padded;
    }
  }
}
