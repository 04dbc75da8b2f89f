package io.facet.tracking.outbox;

import io.facet.tracking.file.BlobFolder;
import io.facet.tracking.file.Locks;
import io.facet.tracking.journal.EventCodec;
import io.facet.tracking.journal.EventHead;
import io.facet.tracking.journal.EventReader;
import io.facet.tracking.journal.Journal;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.JournalReader;
import io.facet.tracking.journal.TrackingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process's part of the outbox: a journal, how far it was delivered, and what was refused.
 *
 * @param folder where it lies
 * @param blobs contents of the artifacts it names
 */
public record Session(Path folder, BlobFolder blobs) {

  /** Name, which begins with the time the session began. */
  public String name() {
    return folder.getFileName().toString();
  }

  /** The writing end, or empty if another process has it. */
  public Optional<Journal> tryWrite() throws IOException {
    return Journal.tryOpen(folder);
  }

  /** Reads events from a position on. */
  public EventReader read(JournalPosition from) {
    return new EventReader(new JournalReader(folder, from));
  }

  /** Told the events of a session one by one. */
  public interface Visitor {
    /**
     * One event.
     *
     * @param head its kind and run
     * @param full reads the whole of it
     */
    void visit(EventHead head, FullEvent full) throws IOException;
  }

  /** Reads the whole of an event. */
  public interface FullEvent {
    /** The event. */
    TrackingEvent read() throws IOException;
  }

  /** Goes quickly through all events from a position on, unreadable ones left out. */
  public void skim(JournalPosition from, Visitor visitor) throws IOException {
    try (JournalReader journal = new JournalReader(folder, from)) {
      for (var next = journal.next(); next.isPresent(); next = journal.next()) {
        byte[] payload = next.get().payload();
        Optional<EventHead> head = EventCodec.tryHead(payload);
        if (head.isPresent()) {
          visitor.visit(head.get(), () -> EventCodec.decode(payload));
        }
      }
    }
  }

  /** How far it was delivered. */
  public Delivery delivery() {
    return Delivery.read(folder.resolve("delivery.json"));
  }

  /** Whether it has events and none of them was delivered yet, as far as is known. */
  boolean undelivered() throws IOException {
    if (!delivery().position().equals(JournalPosition.START)) {
      return false;
    }
    try (JournalReader journal = new JournalReader(folder, JournalPosition.START)) {
      return journal.next().isPresent();
    }
  }

  /** Stores how far it was delivered. */
  public void store(Delivery delivery) throws IOException {
    delivery.write(folder.resolve("delivery.json"));
  }

  /** Forgets how far it was delivered and what was refused, unless it is being delivered now. */
  public void forgetDelivery() throws IOException {
    Optional<Locks.Held> right = tryDeliver();
    if (right.isPresent()) {
      try (Locks.Held held = right.get()) {
        Files.deleteIfExists(folder.resolve("delivery.json"));
        Files.deleteIfExists(folder.resolve("refused.jsonl"));
      }
    }
  }

  /** What MLflow will never take. */
  public RefusedList refused() {
    return new RefusedList(folder.resolve("refused.jsonl"));
  }

  /** The right to deliver this session, or empty if another process does. */
  public Optional<Locks.Held> tryDeliver() throws IOException {
    return Locks.tryLock(folder.resolve("delivery.lock"));
  }
}
