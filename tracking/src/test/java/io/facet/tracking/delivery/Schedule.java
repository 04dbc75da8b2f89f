package io.facet.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.Tracking;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.file.Locks;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.ManualJournal;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.rest.MlflowFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One random life of an outbox: processes write, die, lose power and are followed by others, while
 * deliveries begin, fail, wait, die and are repeated. At its end everything is delivered.
 */
final class Schedule {
  private static final int MOST_PASSES = 200;

  private final long seed;
  private final Path store;
  private final Random random;
  private final VirtualClock clock = new VirtualClock();
  private final SimulatedNetwork network;
  private final MlflowApi api;
  private final Outbox outbox;
  private final Deque<SimulatedWriter.OpenRun> orphans = new ArrayDeque<>();
  private final Map<String, JournalPosition> forced = new HashMap<>();
  private Optional<SimulatedWriter> writer = Optional.empty();
  private int actions;

  Schedule(long seed, Path store, Backend backend) {
    this.seed = seed;
    this.store = store;
    this.random = new Random(seed);
    this.network = new SimulatedNetwork(backend, clock, new Random(~seed));
    this.api = new MlflowApi("http://mlflow", network);
    this.outbox = Outbox.in(store);
  }

  SimulatedNetwork network() {
    return network;
  }

  /** Lives it; answers MLflow's run ids by uuid, compared with the journal. */
  Map<String, String> live() throws Exception {
    actions = 15 + random.nextInt(60);
    network.faults(0.05 + 0.3 * random.nextDouble());
    network.meanwhile(this::write);
    while (actions > 0) {
      write();
      if (random.nextInt(6) == 0) {
        deliver(random.nextBoolean());
      }
      if (random.nextInt(25) == 0) {
        forgetSomething();
      }
    }
    if (writer.isPresent() && random.nextBoolean()) {
      writer.get().close();
    } else if (writer.isPresent()) {
      writer.get().journal().die();
    }
    writer = Optional.empty();
    Tracking.reap(store, RunStatus.KILLED, "abandoned");
    for (int pass = 0; Tracking.status(store).undelivered() > 0; pass++) {
      assertThat(pass).as("passes of seed %s", seed).isLessThan(MOST_PASSES);
      deliver(false);
      if (pass == 3) {
        network.faults(0);
      }
    }
    network.faults(0);
    Map<String, String> ids = JournalMirror.check(store, api);
    assertThat(Tracking.status(store).undelivered()).isZero();
    return ids;
  }

  private void write() {
    if (actions == 0 || random.nextInt(3) == 0) {
      return;
    }
    actions--;
    try {
      if (writer.isEmpty()) {
        String study = "study-" + seed;
        ManualJournal journal = new ManualJournal(outbox.create());
        writer = Optional.of(new SimulatedWriter(study, journal, clock, random));
        writer.get().adopt(orphans);
      } else if (random.nextInt(25) == 0) {
        endWriter(writer.get());
      } else {
        writer.get().act();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void endWriter(SimulatedWriter ending) throws IOException {
    writer = Optional.empty();
    switch (random.nextInt(3)) {
      case 0 -> ending.close();
      case 1 -> ending.journal().die();
      default -> {
        String name = ending.journal().session().name();
        ending.journal().losePower(forced.getOrDefault(name, JournalPosition.START), random);
      }
    }
    if (random.nextBoolean()) {
      // Somebody runs the command again; otherwise the runs are for the reaper.
      orphans.addAll(ending.open());
    }
  }

  /** One pass over all sessions, as the sender makes it, until it is done, gives up or dies. */
  private void deliver(boolean closing) throws Exception {
    RetryBackoff backoff = new RetryBackoff();
    try {
      for (Session session : outbox.toDeliver()) {
        try (Locks.Held held = session.tryDeliver().orElseThrow();
            SessionDelivery delivery = new SessionDelivery(session, api)) {
          if (!delivered(session, delivery, backoff, closing)) {
            return;
          }
        }
      }
    } catch (SimulatedNetwork.ProcessDied e) {
      if (writer.isPresent() && random.nextBoolean()) {
        SimulatedWriter died = writer.get();
        writer = Optional.empty();
        died.journal().die();
        orphans.addAll(died.open());
      }
    }
  }

  private boolean delivered(
      Session session, SessionDelivery delivery, RetryBackoff backoff, boolean closing)
      throws Exception {
    while (true) {
      try {
        if (random.nextInt(60) == 0) {
          return false;
        }
        noteForced(session);
        if (!delivery.step()) {
          return true;
        }
        backoff.succeeded();
      } catch (MlflowFailure e) {
        Optional<Duration> rest = backoff.failed(e, closing);
        if (rest.isEmpty() || backoff.failures() > 12) {
          return false;
        }
        clock.pass(rest.get().toMillis());
        write();
      }
    }
  }

  /** A delivery forces to the disk what it reads. */
  private void noteForced(Session session) {
    writer
        .map(SimulatedWriter::journal)
        .filter(journal -> journal.session().name().equals(session.name()))
        .ifPresent(journal -> forced.put(session.name(), journal.written()));
  }

  /** A file says how far a session was delivered; losing it must be harmless. */
  private void forgetSomething() throws IOException {
    var sessions = outbox.sessions();
    if (!sessions.isEmpty()) {
      Path state = sessions.get(random.nextInt(sessions.size())).folder().resolve("delivery.json");
      if (random.nextBoolean()) {
        Files.deleteIfExists(state);
      } else if (Files.exists(state)) {
        Files.writeString(state, "{\"position\":");
      }
    }
  }

  long virtualMillis() {
    return clock.now() - VirtualClock.BEGIN;
  }
}
