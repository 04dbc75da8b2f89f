package io.facet.tracking.delivery;

import io.facet.tracking.journal.EventReader;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.mlflow.BatchSender;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunBatch;
import io.facet.tracking.outbox.Delivery;
import io.facet.tracking.outbox.Delivery.DeliveredRun;
import io.facet.tracking.outbox.RefusedList.Refused;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.rest.MlflowFailure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers one session of the outbox, in order. Points, parameters and tags are gathered per run
 * and sent in batches; everything else is sent by itself. Before each of these the journal is
 * forced to the disk, so that MLflow never knows more than the journal, not even after a power
 * failure; after it the position is stored. Whatever is repeated after an interruption changes
 * nothing in MLflow.
 */
public final class SessionDelivery implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDelivery.class);
  private static final int MOST_EVENTS = 20_000;
  private static final int MOST_POINTS = 10_000;

  private final Session session;
  private final MlflowApi api;
  private final BatchSender batches;
  private final ModelDelivery models;
  private final Map<String, String> experiments = new HashMap<>();
  private EventReader reader;
  private volatile Delivery state;

  /** Where MLflow did not know a run that it had; delivery then begins anew, once. */
  private Optional<JournalPosition> missing = Optional.empty();

  /** Goes on where the session's stored state says. */
  public SessionDelivery(Session session, MlflowApi api) {
    this.session = session;
    this.api = api;
    this.batches = new BatchSender(api);
    this.models = new ModelDelivery(api);
    this.state = session.delivery();
  }

  /** How far it is. */
  public Delivery state() {
    return state;
  }

  /**
   * Delivers some events; answers false if there are none now. A failure leaves the stored position
   * where it was, so that the next step begins there again.
   */
  public boolean step() throws MlflowFailure, InterruptedException, IOException {
    boolean done = false;
    try {
      boolean more = deliverSome();
      done = true;
      return more;
    } catch (MlflowFailure e) {
      if (e.kind() == MlflowFailure.Kind.MISSING && missing.isEmpty()) {
        LOG.warn("{}; delivering session {} to {} anew", e.getMessage(), session.name(), server());
        missing = Optional.of(state.position());
        experiments.clear();
        models.clear();
        done = true;
        rewind();
        store(new Delivery(JournalPosition.START, 0, 0, server(), Map.of()));
        return true;
      }
      throw e;
    } finally {
      if (!done) {
        rewind();
      }
    }
  }

  /** Tells MLflow that a run is alive, if it has the run. */
  public void heartbeat(String uuid, String time) throws MlflowFailure, InterruptedException {
    DeliveredRun run = state.runs().get(uuid);
    if (run != null && !run.mlflowId().isEmpty()) {
      api.tag(run.mlflowId(), "facet.heartbeat", time);
    }
  }

  @Override
  public void close() throws IOException {
    rewind();
  }

  private boolean deliverSome() throws MlflowFailure, InterruptedException, IOException {
    if (reader == null) {
      reader = session.read(state.position());
    }
    Map<String, RunBatch> gathered = new LinkedHashMap<>();
    List<Refused> refused = new ArrayList<>();
    int events = 0;
    int points = 0;
    JournalPosition reached = state.position();
    while (events < MOST_EVENTS && points < MOST_POINTS) {
      Optional<EventReader.Entry> next = reader.next();
      if (next.isEmpty()) {
        break;
      }
      TrackingEvent event = next.get().event();
      if (!inBatches(event)) {
        reader.force();
        if (events > 0) {
          send(gathered, refused);
          commit(reached, events, refused);
          refused.clear();
        }
        refused.addAll(one(event));
        commit(next.get().end(), 1, refused);
        return true;
      }
      RunBatch batch = gathered.computeIfAbsent(event.run(), run -> new RunBatch());
      int before = batch.points();
      refused.addAll(batch.add(event));
      points += batch.points() - before;
      events++;
      reached = next.get().end();
    }
    if (events == 0) {
      return false;
    }
    reader.force();
    send(gathered, refused);
    commit(reached, events, refused);
    return true;
  }

  private static boolean inBatches(TrackingEvent event) {
    return event instanceof TrackingEvent.Metrics
        || event instanceof TrackingEvent.Params
        || event instanceof TrackingEvent.Tags;
  }

  private void send(Map<String, RunBatch> gathered, List<Refused> refused)
      throws MlflowFailure, InterruptedException {
    for (Map.Entry<String, RunBatch> entry : gathered.entrySet()) {
      String uuid = entry.getKey();
      Optional<MlflowApi.RunId> run = known(uuid);
      try {
        if (run.isPresent()) {
          List<Refused> more = batches.send(uuid, run.get().id(), entry.getValue());
          if (!more.isEmpty()) {
            api.requireActive(run.get().experimentId());
          }
          refused.addAll(more);
          continue;
        }
      } catch (MlflowFailure e) {
        if (!lost(e)) {
          throw e;
        }
      }
      int items = entry.getValue().parts().stream().mapToInt(RunBatch.Part::size).sum();
      refused.add(new Refused(uuid, items + " items", "MLflow does not have the run"));
    }
  }

  private List<Refused> one(TrackingEvent event) throws MlflowFailure, InterruptedException {
    Optional<MlflowApi.RunId> run = known(event.run());
    if (!(event instanceof TrackingEvent.RunStarted) && run.isEmpty()) {
      return List.of(
          new Refused(event.run(), EventWords.of(event), "MLflow does not have the run"));
    }
    try {
      if (event instanceof TrackingEvent.RunStarted start) {
        start(start);
      } else if (event instanceof TrackingEvent.DatasetRead read) {
        api.dataset(run.get().id(), read.dataset());
      } else if (event instanceof TrackingEvent.ArtifactKept kept) {
        artifact(run.get(), kept);
      } else if (event instanceof TrackingEvent.ModelLogged logged) {
        models.logged(run.get(), logged);
      } else if (event instanceof TrackingEvent.ModelMeasured measured) {
        models.measured(run.get(), measured);
      } else if (event instanceof TrackingEvent.ModelReady ready) {
        models.ready(run.get(), ready);
      } else if (event instanceof TrackingEvent.ModelRegistered made) {
        models.registered(run.get(), made);
      } else if (event instanceof TrackingEvent.VersionMarked marked) {
        api.registry().mark(marked.mark());
      } else if (event instanceof TrackingEvent.RunEnded end) {
        end(run.get(), end);
      }
      return List.of();
    } catch (MlflowFailure e) {
      if (e.kind() != MlflowFailure.Kind.REFUSED && !lost(e)) {
        throw e;
      }
      if (run.isPresent()) {
        api.requireActive(run.get().experimentId());
      }
      if (event instanceof TrackingEvent.RunStarted start) {
        if (experiments.containsKey(start.experiment())) {
          api.requireActive(experiments.get(start.experiment()));
        }
        remember(start.run(), new DeliveredRun(start.experiment(), start.name(), "", "", "", ""));
      }
      return List.of(new Refused(event.run(), EventWords.of(event), e.getMessage()));
    }
  }

  private void artifact(MlflowApi.RunId run, TrackingEvent.ArtifactKept kept)
      throws MlflowFailure, InterruptedException {
    Path content = session.blobs().path(kept.sha256());
    if (kept.model().isEmpty()) {
      api.artifact(run, kept.path(), content);
    } else {
      models.artifact(run, kept, content);
    }
  }

  private void start(TrackingEvent.RunStarted start) throws MlflowFailure, InterruptedException {
    String experiment = experiments.get(start.experiment());
    if (experiment == null) {
      experiment = api.experiment(start.experiment());
      experiments.put(start.experiment(), experiment);
    }
    Map<String, String> tags = new LinkedHashMap<>(start.tags());
    tags.put("mlflow.runName", start.name());
    if (!start.parent().isEmpty()) {
      tags.put("facet.parent", start.parent());
      Optional<MlflowApi.RunId> parent = known(start.parent());
      if (parent.isEmpty()) {
        parent = api.findRun(experiment, start.parent());
      }
      parent.ifPresent(run -> tags.put("mlflow.parentRunId", run.id()));
    }
    MlflowApi.RunId run = api.createRun(experiment, start.run(), start.name(), start.at(), tags);
    if (!run.running()) {
      api.goOn(run.id());
    }
    remember(
        start.run(),
        new DeliveredRun(
            start.experiment(), start.name(), run.experimentId(), run.id(), run.artifactUri(), ""));
  }

  private void end(MlflowApi.RunId run, TrackingEvent.RunEnded end)
      throws MlflowFailure, InterruptedException {
    if (!end.reason().isEmpty()) {
      api.tag(run.id(), "facet.end.reason", end.reason());
    }
    api.end(run, end.run(), end.status(), end.at());
    remember(end.run(), state.runs().get(end.run()).withStatus(end.status().name()));
  }

  private Optional<MlflowApi.RunId> known(String uuid) {
    return Optional.ofNullable(state.runs().get(uuid))
        .filter(run -> !run.mlflowId().isEmpty())
        .map(
            run ->
                new MlflowApi.RunId(
                    run.mlflowId(), run.experimentId(), run.artifactUri(), run.status().isEmpty()));
  }

  private void remember(String uuid, DeliveredRun run) {
    Map<String, DeliveredRun> runs = new LinkedHashMap<>(state.runs());
    runs.put(uuid, run);
    state =
        new Delivery(state.position(), state.delivered(), state.refused(), state.server(), runs);
  }

  private void commit(JournalPosition reached, int events, List<Refused> refused)
      throws IOException {
    if (!refused.isEmpty()) {
      session.refused().add(refused);
      Refused first = refused.get(0);
      LOG.warn(
          "MLflow refuses {}{} of run {} for good: {}. The outbox keeps it",
          first.what(),
          refused.size() > 1 ? " and %d more".formatted(refused.size() - 1) : "",
          first.run(),
          first.reason());
    }
    store(
        new Delivery(
            reached,
            state.delivered() + events,
            state.refused() + refused.size(),
            server(),
            state.runs()));
    if (missing.isPresent() && missing.get().compareTo(reached) < 0) {
      missing = Optional.empty();
    }
  }

  /** Whether MLflow misses something that delivering anew did not bring back. */
  private boolean lost(MlflowFailure e) {
    return e.kind() == MlflowFailure.Kind.MISSING && missing.isPresent();
  }

  private void store(Delivery next) throws IOException {
    session.store(next);
    state = next;
  }

  private void rewind() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  private String server() {
    return api.server();
  }
}
