package io.facet.tracking.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.journal.ManualJournal;
import io.facet.tracking.journal.TrackingEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** A process that tracks: random events of random runs, journalled now and then. */
final class SimulatedWriter {
  private static final int MOST_RUNS = 4;

  private final String study;
  private final ManualJournal journal;
  private final VirtualClock clock;
  private final Random random;
  private final List<OpenRun> open = new ArrayList<>();

  /** A run that goes on; its points are stamped by its steps, as a training stamps them. */
  static final class OpenRun {
    private final String uuid;
    private final String parent;
    private final long begin;
    private int step;

    private OpenRun(String uuid, String parent, long begin) {
      this.uuid = uuid;
      this.parent = parent;
      this.begin = begin;
    }
  }

  SimulatedWriter(String study, ManualJournal journal, VirtualClock clock, Random random) {
    this.study = study;
    this.journal = journal;
    this.clock = clock;
    this.random = random;
  }

  ManualJournal journal() {
    return journal;
  }

  /** Goes on with the runs of a process that died, repeating its last points. */
  void adopt(Deque<OpenRun> orphans) {
    while (!orphans.isEmpty()) {
      OpenRun run = orphans.remove();
      start(run);
      run.step = Math.max(0, run.step - random.nextInt(8));
      open.add(run);
    }
  }

  /** The runs left open, the eldest first. */
  List<OpenRun> open() {
    return open;
  }

  /** One random thing. */
  void act() throws IOException {
    clock.pass(random.nextInt(400));
    if (open.isEmpty() || (open.size() < MOST_RUNS && random.nextInt(8) == 0)) {
      String parent = open.isEmpty() ? "" : open.get(random.nextInt(open.size())).uuid;
      OpenRun run = new OpenRun(uuid(), parent, clock.now());
      start(run);
      open.add(run);
      return;
    }
    OpenRun run = open.get(random.nextInt(open.size()));
    switch (random.nextInt(14)) {
      case 0 -> params(run);
      case 1 ->
          say(
              new TrackingEvent.Tags(
                  run.uuid, clock.now(), Map.of("colour", "" + random.nextInt(5))));
      case 2 -> dataset(run);
      case 3 -> artifact(run, "files/note " + random.nextInt(3) + ".txt");
      case 4 -> register(run);
      case 5 -> end(open.get(open.size() - 1));
      case 6, 7 -> journal.flush();
      case 8, 9 -> journal.write();
      case 10 -> points(run, random.nextInt(20) == 0 ? 1100 : 40);
      default -> points(run, 1 + random.nextInt(9));
    }
  }

  /** Ends everything and the process. */
  void close() throws IOException {
    while (!open.isEmpty()) {
      end(open.get(open.size() - 1));
    }
    journal.close();
  }

  private void start(OpenRun run) {
    say(
        new TrackingEvent.RunStarted(
            run.uuid, run.begin, study, "run", run.parent, Map.of("mlflow.user", "someone")));
  }

  private void end(OpenRun run) {
    open.remove(run);
    RunStatus status = RunStatus.values()[random.nextInt(RunStatus.values().length)];
    String reason = status == RunStatus.FINISHED ? "" : "why " + random.nextInt(3);
    say(new TrackingEvent.RunEnded(run.uuid, clock.now(), status, reason));
  }

  private void params(OpenRun run) {
    // One in ten contradicts what was said before and is refused.
    String value = random.nextInt(10) == 0 ? "another" : "value";
    String key = "option." + random.nextInt(6);
    say(new TrackingEvent.Params(run.uuid, clock.now(), Map.of(key, value, "seed", "7")));
  }

  private void points(OpenRun run, int count) {
    List<MetricPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      run.step++;
      double value = run.step % 17 == 0 ? Double.NaN : 1.0 / run.step;
      points.add(new MetricPoint("loss", value, run.begin + run.step, run.step));
      points.add(new MetricPoint("rate", run.step, run.begin + run.step, run.step));
    }
    say(new TrackingEvent.Metrics(run.uuid, clock.now(), points));
  }

  private void dataset(OpenRun run) {
    DatasetInput faces =
        new DatasetInput("faces", "0123456789abcdef", "file:/faces", "", "", "training");
    say(new TrackingEvent.DatasetRead(run.uuid, clock.now(), faces));
  }

  private void artifact(OpenRun run, String path) throws IOException {
    byte[] content = ("content " + random.nextInt(4)).getBytes(UTF_8);
    var blob = journal.session().blobs().keep(new ByteArrayInputStream(content));
    say(
        new TrackingEvent.ArtifactKept(
            run.uuid, clock.now(), path, blob.sha256(), blob.bytes(), ""));
  }

  private void register(OpenRun run) throws IOException {
    artifact(run, "model.txt");
    String logged = random.nextBoolean() ? logged(run) : "";
    ModelVersion version =
        new ModelVersion(
            study + "-model", "model.txt", "A model", Map.of("good", "yes"), List.of("candidate"));
    String path = logged.isEmpty() ? "" : "model.txt";
    say(new TrackingEvent.ModelRegistered(run.uuid, clock.now(), uuid(), version, logged, path));
  }

  private String logged(OpenRun run) throws IOException {
    String uuid = uuid();
    LoggedModel model =
        new LoggedModel(study + "-model", "test", Map.of("seed", "7"), Map.of("good", "yes"));
    say(new TrackingEvent.ModelLogged(run.uuid, clock.now(), uuid, model));
    var blob = journal.session().blobs().keep(new ByteArrayInputStream("weights".getBytes(UTF_8)));
    say(
        new TrackingEvent.ArtifactKept(
            run.uuid, clock.now(), "model.txt", blob.sha256(), blob.bytes(), uuid));
    DatasetInput faces = new DatasetInput("pairs", "89abcdef", "file:/pairs", "", "", "");
    say(new TrackingEvent.DatasetRead(run.uuid, clock.now(), faces));
    List<MetricPoint> points = List.of(new MetricPoint("accuracy", 0.9, run.begin, 0));
    say(new TrackingEvent.ModelMeasured(run.uuid, clock.now(), uuid, faces, points));
    say(new TrackingEvent.ModelReady(run.uuid, clock.now(), uuid));
    return uuid;
  }

  private void say(TrackingEvent event) {
    journal.append(event);
  }

  private String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
