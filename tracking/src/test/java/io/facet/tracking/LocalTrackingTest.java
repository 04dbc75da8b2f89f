package io.facet.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.journal.EventReader;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTrackingTest {
  @TempDir Path store;

  @Test
  void everythingARunSaysIsInTheOutbox() throws IOException {
    String uuid;
    Path file = Files.writeString(store.resolve("file.txt"), "content");
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "first").with("colour", "blue"));
      uuid = run.uuid();
      run.params(Map.of("seed", "7"))
          .metric("loss", Double.NaN, 1, 1000)
          .metrics(Map.of("rate", 0.5), 2, 2000)
          .tag("note", "good")
          .dataset(new DatasetInput("faces", "abc", "file:/x", "", "", "training"))
          .artifact("plots/file.txt", file)
          .register(new ModelVersion("student", "plots", "", Map.of(), List.of("candidate")));
      Files.writeString(file, "changed later");
      run.finish();
      run.tag("too", "late");
    }
    List<TrackingEvent> events = events(store);
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly(
            "RunStarted",
            "Params",
            "Metrics",
            "Metrics",
            "Tags",
            "DatasetRead",
            "ArtifactKept",
            "ModelRegistered",
            "RunEnded");
    assertThat(events).allSatisfy(event -> assertThat(event.run()).isEqualTo(uuid));
    assertThat(((TrackingEvent.Metrics) events.get(2)).points())
        .containsExactly(new MetricPoint("loss", Double.NaN, 1000, 1));
    TrackingEvent.ArtifactKept kept = (TrackingEvent.ArtifactKept) events.get(6);
    assertThat(Outbox.in(store).blobs().path(kept.sha256())).hasContent("content");
    assertThat(((TrackingEvent.RunEnded) events.get(8)).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void theBacklogIsToldByRun() {
    Tracking tracking = Tracking.open(TrackingOptions.local(), store);
    TrackedRun parent = tracking.start(RunSpec.of("study", "parent"));
    parent.child("child", Map.of()).metric("loss", 1, 1);
    TrackingStatus status = tracking.close(java.time.Duration.ZERO);
    assertThat(status.undelivered()).isEqualTo(5);
    assertThat(status.runs())
        .extracting(TrackingStatus.RunBacklog::name, TrackingStatus.RunBacklog::events)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("parent", 2L),
            org.assertj.core.groups.Tuple.tuple("child", 3L));
    assertThat(status.describe()).contains("the outbox only").contains("5 events of 2 runs");
  }

  @Test
  void runsLeftOpenEndAsFailedChildrenFirst() throws IOException {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      TrackedRun parent = tracking.start(RunSpec.of("study", "parent"));
      parent.child("child", Map.of()).child("grandchild", Map.of());
    }
    List<TrackingEvent> events = events(store);
    assertThat(events.subList(3, 6))
        .extracting(TrackingEvent::run)
        .containsExactly(events.get(2).run(), events.get(1).run(), events.get(0).run());
    assertThat(events.subList(3, 6))
        .allSatisfy(
            event ->
                assertThat(((TrackingEvent.RunEnded) event).status()).isEqualTo(RunStatus.FAILED));
  }

  @Test
  void aSignalEndsAllRunsAsKilled() throws IOException {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      tracking.start(RunSpec.of("study", "run"));
      tracking.endOpenRuns(RunStatus.KILLED, "SIGTERM");
    }
    assertThat(events(store).get(1))
        .isInstanceOfSatisfying(
            TrackingEvent.RunEnded.class,
            end -> {
              assertThat(end.status()).isEqualTo(RunStatus.KILLED);
              assertThat(end.reason()).isEqualTo("SIGTERM");
            });
  }

  @Test
  void anInterruptedThreadCanStillSayHowItsRunEnded() throws IOException {
    Path file = Files.writeString(store.resolve("file.txt"), "content");
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "run"));
      Thread.currentThread().interrupt();
      run.metric("loss", 1, 1).artifact("file.txt", file);
      tracking.flush();
      run.end(RunStatus.KILLED, "cancelled");
      assertThat(Tracking.status(store).undelivered()).isEqualTo(4);
      assertThat(Thread.interrupted()).isTrue();
      tracking.start(RunSpec.of("study", "next")).finish();
    }
    assertThat(events(store)).hasSize(6);
  }

  @Test
  void namesAndValuesAreMadeToFit() throws IOException {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      tracking
          .start(RunSpec.of("study", "run"))
          .params(Map.of("a=b", "x".repeat(7000)))
          .metric("/loss//total?/../x", 1, 0, 5);
    }
    TrackingEvent.Params params = (TrackingEvent.Params) events(store).get(1);
    assertThat(params.values()).containsOnlyKeys("a_b");
    assertThat(params.values().get("a_b")).hasSize(6000).endsWith("… [cut, was 7000 characters]");
    TrackingEvent.Metrics metrics = (TrackingEvent.Metrics) events(store).get(2);
    assertThat(metrics.points().get(0).key()).isEqualTo("loss/total_/_/x");
  }

  @Test
  void artifactPathsThatLeaveTheRunAreRefused() {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "run"));
      byte[] content = {1};
      for (String path : List.of("../x", "a/../../x", "/etc/passwd", "a//b", "a\\b", "", "c:/x")) {
        assertThatThrownBy(() -> run.artifact(path, content))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("'" + path + "'");
      }
    }
  }

  @Test
  void laterSessionsSortBehindEvenWhenTheClockStandsStill() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      names.add(Outbox.in(store).create().name());
    }
    assertThat(Outbox.in(store).sessions()).extracting(Session::name).isEqualTo(names);
  }

  @Test
  void secretsNeverReachTheOutbox() throws IOException {
    Map<String, String> environment =
        Map.of("MLFLOW_TRACKING_PASSWORD", "correct-horse", "CLOUD_TOKEN", "battery-staple");
    try (Tracking tracking =
        Tracking.open(TrackingOptions.local().withEnvironment(environment), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "by correct-horse"));
      run.params(Map.of("url", "https://me:correct-horse@host/x", "store.password", "plain"))
          .tag("note", "Authorization: Bearer abcdefghijklmnop and battery-staple")
          .text("recipe.yaml", "token: battery-staple")
          .end(RunStatus.FAILED, "login with battery-staple failed");
    }
    try (var files = Files.walk(store)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("correct-horse", "battery-staple", "abcdefghijklmnop", "plain");
      }
    }
  }

  @Test
  void runsOfADeadProcessAreReapedOnceAndThoseOfALivingOneNever() throws IOException {
    Session dead = Outbox.in(store).create();
    try (var journal = dead.tryWrite().orElseThrow()) {
      for (String uuid : List.of("parent", "child")) {
        io.facet.tracking.journal.EventWriter.append(
            journal, new TrackingEvent.RunStarted(uuid, 1, "study", uuid, "", Map.of()));
      }
    }
    try (Tracking living = Tracking.open(TrackingOptions.local(), store)) {
      living.start(RunSpec.of("study", "living"));
      assertThat(Tracking.reap(store, RunStatus.KILLED, "abandoned"))
          .containsExactly("child", "parent");
      assertThat(Tracking.reap(store, RunStatus.KILLED, "abandoned")).isEmpty();
    }
  }

  @Test
  void aRunThatALaterProcessWentOnWithIsNotReaped() throws IOException {
    Session dead = Outbox.in(store).create();
    try (var journal = dead.tryWrite().orElseThrow()) {
      io.facet.tracking.journal.EventWriter.append(
          journal, new TrackingEvent.RunStarted("run", 1, "study", "run", "", Map.of()));
    }
    try (Tracking next = Tracking.open(TrackingOptions.local(), store)) {
      next.resume("run", RunSpec.of("study", "run"));
      next.flush();
      assertThat(Tracking.reap(store, RunStatus.KILLED, "abandoned")).isEmpty();
    }
  }

  private static List<TrackingEvent> events(Path store) throws IOException {
    List<TrackingEvent> all = new ArrayList<>();
    for (Session session : Outbox.in(store).sessions()) {
      try (EventReader reader = session.read(JournalPosition.START)) {
        for (Optional<EventReader.Entry> next = reader.next();
            next.isPresent();
            next = reader.next()) {
          all.add(next.get().event());
        }
        assertThat(reader.damaged()).isZero();
      }
    }
    return all;
  }
}
