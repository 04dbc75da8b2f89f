package io.facet.tracking;

import io.facet.tracking.delivery.Backlog;
import io.facet.tracking.delivery.Reaper;
import io.facet.tracking.delivery.Sender;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.entity.VersionMark;
import io.facet.tracking.file.BlobFolder;
import io.facet.tracking.journal.EventWriter;
import io.facet.tracking.journal.Journal;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.outbox.Cleaning;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.rest.Secrets;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracking of one process: journals what happens in the store, and delivers it to MLflow in the
 * background while the process lives. A server that is away, hangs or refuses never stops or slows
 * the caller; what it did not get stays in the outbox for {@link #sync}.
 *
 * <pre>{@code
 * try (Tracking tracking = Tracking.open(TrackingOptions.to(uri), store)) {
 *   TrackedRun run = tracking.start(RunSpec.of("facet", "cfp-edgeface"));
 *   run.params(Map.of("seed", "7"));
 *   run.metric("loss", 0.25, 1);
 *   run.finish();
 * }
 * }</pre>
 */
public final class Tracking implements AutoCloseable {
  /** Largest number of points in one journal record. */
  static final int POINTS_PER_EVENT = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(Tracking.class);

  private final TrackingOptions options;
  private final Path storeFolder;
  private final Session session;
  private final Journal journal;
  private final Secrets secrets;
  private final Optional<Sender> sender;
  private final ConcurrentMap<String, TrackedRun> open = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> keys = new ConcurrentHashMap<>();

  private volatile RunStatus lastStatus = RunStatus.FAILED;
  private volatile String lastReason = "the run was not ended";
  private volatile boolean closed;

  private Tracking(TrackingOptions options, Path storeFolder) throws IOException {
    this.options = options;
    this.storeFolder = storeFolder;
    this.secrets = Secrets.of(options.environment());
    Outbox outbox = Outbox.in(storeFolder);
    session = outbox.create();
    journal =
        session
            .tryWrite()
            .orElseThrow(() -> new IOException("The new session " + session + " is taken."));
    sender =
        options
            .server()
            .map(server -> new Sender(outbox, Optional.of(session), options, open::keySet));
    sender.ifPresent(
        sending -> {
          journal.onWritten(sending::wake);
          sending.start();
        });
  }

  /** Opens tracking in a store. The server is not asked anything yet. */
  public static Tracking open(TrackingOptions options, Path storeFolder) {
    try {
      return new Tracking(options, storeFolder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin tracking in " + storeFolder, e);
    }
  }

  /** Starts a run under a new uuid. */
  public TrackedRun start(RunSpec spec) {
    return resume(UUID.randomUUID().toString(), spec);
  }

  /**
   * Starts a run under a uuid of the caller, or goes on with the run of that uuid: in MLflow it is
   * the same run and is {@code RUNNING} again.
   */
  public TrackedRun resume(String uuid, RunSpec spec) {
    TrackedRun run = new TrackedRun(this, uuid, spec);
    log(
        new TrackingEvent.RunStarted(
            uuid,
            System.currentTimeMillis(),
            spec.experiment(),
            secrets.redact(spec.name()),
            spec.parent().orElse(""),
            fit(spec.tags(), Limits.TAG)));
    open.put(uuid, run);
    return run;
  }

  /** Forces everything to the disk; call it at checkpoints. */
  public void flush() {
    journal.flush();
  }

  /**
   * Ends all runs still going, children first; for shutdown hooks and catch blocks. Runs started
   * after that end the same way when tracking is closed.
   */
  public void endOpenRuns(RunStatus status, String reason) {
    lastStatus = status;
    lastReason = reason;
    List.copyOf(open.values()).stream()
        .sorted((a, b) -> Integer.compare(depth(b), depth(a)))
        .forEach(run -> run.end(status, reason));
  }

  /** Address of a run's page in MLflow, once the server has the run. */
  public Optional<String> page(TrackedRun run) {
    return sender.flatMap(sending -> sending.page(run.uuid()));
  }

  /** What is not delivered yet, in the whole store. */
  public TrackingStatus status() {
    TrackingStatus stored = status(storeFolder);
    return new TrackingStatus(
        options.server().map(Secrets::withoutUser).orElse(""),
        stored.runs(),
        stored.undelivered(),
        stored.refused(),
        stored.refusal(),
        sender.map(Sender::trouble).orElse(""));
  }

  /** Closes with the wait of the options. */
  @Override
  public void close() {
    close(options.drain());
  }

  /**
   * Ends runs still open, as {@code FAILED} unless {@link #endOpenRuns} said otherwise, waits up to
   * {@code drain} for the server to take what is left, and stops. Never throws; what is left stays
   * in the outbox and is told in the answer.
   */
  public TrackingStatus close(Duration drain) {
    endOpenRuns(lastStatus, lastReason);
    closed = true;
    try {
      journal.close();
    } catch (IOException | UncheckedIOException e) {
      LOG.error("The last tracking events of {} could not be kept: {}", session, e.toString());
    }
    sender.ifPresent(sending -> sending.stop(drain));
    return status();
  }

  /**
   * Delivers what the store's outbox holds; waits up to {@code limit}, less when the server is
   * away. Never throws for trouble with the server.
   */
  public static TrackingStatus sync(TrackingOptions options, Path storeFolder, Duration limit) {
    if (options.server().isEmpty()) {
      return status(storeFolder);
    }
    Sender sender = new Sender(Outbox.in(storeFolder), Optional.empty(), options, List::<String>of);
    sender.start();
    sender.stop(limit);
    TrackingStatus left = status(storeFolder);
    return new TrackingStatus(
        Secrets.withoutUser(options.server().get()),
        left.runs(),
        left.undelivered(),
        left.refused(),
        left.refusal(),
        sender.trouble());
  }

  /** What the store's outbox holds, without asking any server. */
  public static TrackingStatus status(Path storeFolder) {
    return Backlog.of(Outbox.in(storeFolder));
  }

  /**
   * Deletes sessions of the outbox that were delivered whole and are older than {@code age}, with
   * the copies of their artifacts. What is not delivered stays.
   *
   * @return number of sessions deleted
   */
  public static int clean(Path storeFolder, Duration age) throws IOException {
    return Cleaning.clean(Outbox.in(storeFolder), Instant.now().minus(age));
  }

  /**
   * Lets the next delivery begin at the very first event, such as for another server or after
   * something refused was mended. What the server has already stays as it is.
   */
  public static void deliverAgain(Path storeFolder) throws IOException {
    for (Session session : Outbox.in(storeFolder).sessions()) {
      session.forgetDelivery();
    }
  }

  /**
   * Ends, in the journal, the runs of processes that died without ending them; the next delivery
   * tells MLflow.
   *
   * @return uuids of the runs ended
   */
  public static List<String> reap(Path storeFolder, RunStatus status, String reason) {
    return Reaper.reap(Outbox.in(storeFolder), Optional.empty(), status, reason);
  }

  /** As {@link #reap(Path, RunStatus, String)}, for the dead process that started one run. */
  public static List<String> reap(Path storeFolder, String run, RunStatus status, String reason) {
    return Reaper.reap(Outbox.in(storeFolder), Optional.of(run), status, reason);
  }

  void log(TrackingEvent event) {
    try {
      EventWriter.append(journal, event);
    } catch (IllegalStateException e) {
      if (!closed) {
        throw e;
      }
      LOG.debug("Tracking is closed; passed over {}", event);
    }
  }

  void ended(TrackedRun run, RunStatus status, String reason) {
    open.remove(run.uuid());
    try {
      String why = Limits.cut(secrets.redact(reason), Limits.TAG);
      log(new TrackingEvent.RunEnded(run.uuid(), System.currentTimeMillis(), status, why));
      journal.flush();
    } catch (UncheckedIOException e) {
      LOG.error("The end of run {} could not be kept: {}", run.uuid(), e.toString());
    }
  }

  Map<String, String> fit(Map<String, String> values, int longest) {
    return Limits.fit(values, longest, secrets);
  }

  List<MetricPoint> fit(List<MetricPoint> points) {
    return points.stream()
        .map(point -> new MetricPoint(key(point), point.value(), point.timestamp(), point.step()))
        .toList();
  }

  DatasetInput fit(DatasetInput dataset) {
    return new DatasetInput(
        secrets.redact(dataset.name()),
        dataset.digest(),
        secrets.redact(dataset.source()),
        secrets.redact(dataset.schema()),
        secrets.redact(dataset.profile()),
        dataset.context());
  }

  ModelVersion fit(ModelVersion version) {
    return new ModelVersion(
        version.model(),
        ArtifactPath.check(version.artifactPath()),
        redact(version.description()),
        fit(version.tags(), Limits.TAG),
        version.aliases());
  }

  LoggedModel fit(LoggedModel model) {
    return new LoggedModel(
        Limits.modelName(redact(model.name())),
        model.type(),
        fit(model.params(), Limits.TAG),
        fit(model.tags(), Limits.TAG));
  }

  VersionMark fit(VersionMark mark) {
    return new VersionMark(
        mark.model(), mark.key(), mark.value(), fit(mark.tags(), Limits.TAG), mark.aliases());
  }

  String redact(String text) {
    return secrets.redact(text);
  }

  BlobFolder blobs() {
    return session.blobs();
  }

  private String key(MetricPoint point) {
    return keys.computeIfAbsent(point.key(), Limits::key);
  }

  private int depth(TrackedRun run) {
    int depth = 0;
    Optional<String> parent = run.spec().parent();
    while (parent.isPresent() && open.containsKey(parent.get()) && depth < open.size()) {
      depth++;
      parent = open.get(parent.get()).spec().parent();
    }
    return depth;
  }
}
