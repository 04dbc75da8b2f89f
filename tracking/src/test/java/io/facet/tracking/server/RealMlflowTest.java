package io.facet.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.tracking.RunSpec;
import io.facet.tracking.TrackedModel;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.delivery.JournalMirror;
import io.facet.tracking.delivery.StaleRuns;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.entity.VersionMark;
import io.facet.tracking.mlflow.LoggedModels;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.Registry;
import io.facet.tracking.mlflow.RunReader;
import io.facet.tracking.mlflow.ServerProbe;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;

/** Against a real MLflow process, made by {@link MlflowServer}. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RealMlflowTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir static Path serverStore;
  private static MlflowServer server;
  private static URI uri;

  @TempDir Path store;
  private MlflowApi api;

  @BeforeAll
  static void startServer() throws Exception {
    Assumptions.assumeTrue(
        PythonInterpreter.find(System.getenv()).isPresent(), "no Python 3.9 or newer here");
    server = new MlflowServer(serverStore, System.getenv());
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ServerStatus status = server.start(OptionalInt.of(port), message -> {});
    assertThat(status.running()).as(status.detail()).isTrue();
    uri = status.uri().orElseThrow();
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (server != null) {
      server.stop();
    }
  }

  @BeforeEach
  void connect() {
    api = new MlflowApi(uri, Duration.ofSeconds(30), Map.of());
  }

  @AfterEach
  void disconnect() {
    api.close();
  }

  @Test
  void mlflowHoldsWhatTheRunsSaid() throws Exception {
    writeRuns("study");
    JournalMirror.check(store, api);
    String experiment = api.findExperiment("study").orElseThrow();
    RunReader.Run parent = run(experiment, "plan");
    assertThat(parent.status()).isEqualTo("FINISHED");
    assertThat(parent.tags()).containsEntry("mlflow.user", "someone");
    assertThat(run(experiment, "stage").status()).isEqualTo("FAILED");
    assertThat(run(experiment, "stage").tags()).containsEntry("facet.end.reason", "no faces");
    assertThat(run(experiment, "seed").status()).isEqualTo("KILLED");
    assertThat(artifact(parent, "plots/loss curve.txt")).isEqualTo("drawn");
    Registry.Version version = api.registry().aliased("study-model", "candidate").orElseThrow();
    assertThat(version.runId()).isEqualTo(parent.id());
    assertThat(version.tags()).containsEntry("accuracy", "0.9");
    LoggedModels.Entry logged = api.loggedModels().all(experiment).get(0);
    assertThat(version.source()).isEqualTo(logged.artifactUri());
    assertThat(logged.name()).isEqualTo("study- the model");
    assertThat(logged.type()).isEqualTo("face-embedding");
    assertThat(logged.params()).containsEntry("seed", "7");
    assertThat(logged.tags())
        .containsEntry("facet.student", "kd#1")
        .hasEntrySatisfying("mlflow.modelVersions", tag -> assertThat(tag).contains("study-model"));
    assertThat(logged.datasets()).containsEntry("pairs", "fedcba98".repeat(8).substring(0, 36));
    assertThat(parent.datasets()).containsAllEntriesOf(logged.datasets());
    Registry.Version champion = api.registry().aliased("study-model", "champion").orElseThrow();
    assertThat(champion.version()).isEqualTo(version.version());
    assertThat(champion.tags()).containsEntry("gate", "promoted");
  }

  @Test
  void mlflowsOwnClientReadsTheSame() throws Exception {
    writeRuns("witness");
    String experiment = api.findExperiment("witness").orElseThrow();
    RunReader.Run seed = run(experiment, "seed");
    try (MlflowClient client = new MlflowClient(uri.toString())) {
      var theirs = client.getRun(seed.id());
      assertThat(theirs.getInfo().getStatus().name()).isEqualTo("KILLED");
      assertThat(theirs.getInfo().getUserId()).isEmpty();
      assertThat(client.getMetricHistory(seed.id(), "train/loss"))
          .hasSize(2500)
          .allSatisfy(
              point -> assertThat(point.getTimestamp()).isEqualTo(1_000_000 + point.getStep()));
      assertThat(client.searchRuns(List.of(experiment), "tags.`mlflow.user` = 'someone'"))
          .hasSize(1);
      assertThat(client.getExperiment(experiment).getTagsList())
          .anySatisfy(
              tag -> {
                assertThat(tag.getKey()).isEqualTo("mlflow.experimentKind");
                assertThat(tag.getValue()).isEqualTo("custom_model_development");
              });
    }
  }

  @Test
  void openRunsGiveSignsOfLife() throws Exception {
    Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (Tracking tracking =
        Tracking.open(options().withHeartbeat(Duration.ofMillis(200)), store)) {
      TrackedRun run = tracking.start(RunSpec.of("beating", "run"));
      Awaitility.await().atMost(LONG).until(() -> tracking.page(run).isPresent());
      String experiment = api.findExperiment("beating").orElseThrow();
      Awaitility.await()
          .atMost(LONG)
          .until(() -> run(experiment, "run").tags().containsKey("facet.heartbeat"));
      Instant beat = Instant.parse(run(experiment, "run").tags().get("facet.heartbeat"));
      assertThat(beat).isBetween(begin, Instant.now());
    }
  }

  @Test
  void deliveringEverythingAgainChangesNothing() throws Exception {
    writeRuns("again");
    Map<String, String> before = JournalMirror.check(store, api);
    for (Session session : Outbox.in(store).sessions()) {
      Files.delete(session.folder().resolve("delivery.json"));
    }
    TrackingStatus status = Tracking.sync(TrackingOptions.to(uri), store, LONG);
    assertThat(status.delivered()).as(status.describe()).isTrue();
    assertThat(status.refused()).isZero();
    assertThat(JournalMirror.check(store, api)).isEqualTo(before);
    assertThat(api.registry().versions("again-model")).hasSize(1);
    String experiment = api.findExperiment("again").orElseThrow();
    assertThat(api.loggedModels().all(experiment))
        .singleElement()
        .satisfies(
            model ->
                assertThat(api.loggedModels().outputs(model.sourceRun()))
                    .containsExactly(model.id()));
  }

  @Test
  void whatWasTrackedWithoutAServerIsDeliveredLater() throws Exception {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      tracking.start(RunSpec.of("later", "run")).metric("loss", 0.5, 1).finish();
    }
    assertThat(api.findExperiment("later")).isEmpty();
    TrackingStatus status = Tracking.sync(TrackingOptions.to(uri), store, LONG);
    assertThat(status.delivered()).as(status.describe()).isTrue();
    JournalMirror.check(store, api);
  }

  @Test
  void aProcessKilledInMidDeliveryLosesAndDoublesNothing() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledInDelivery.class.getName(),
                uri.toString(),
                store.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isEqualTo(KilledInDelivery.EXIT);
    TrackingStatus left = Tracking.status(store);
    assertThat(left.undelivered()).isPositive();
    assertThat(Tracking.reap(store, RunStatus.KILLED, "abandoned")).isNotEmpty();
    TrackingStatus status = Tracking.sync(TrackingOptions.to(uri), store, LONG);
    assertThat(status.delivered()).as(status.describe()).isTrue();
    JournalMirror.check(store, api);
  }

  @Test
  void aRunThatGoesOnIsTheSameRunAndRunsAgain() throws Exception {
    RunSpec spec = RunSpec.of("resumed", "run");
    String uuid;
    try (Tracking first = Tracking.open(options(), store)) {
      TrackedRun run = first.start(spec).metric("loss", 1, 1, 1000);
      uuid = run.uuid();
      run.end(RunStatus.KILLED, "SIGTERM");
    }
    try (Tracking second = Tracking.open(options(), store)) {
      second.resume(uuid, spec).metric("loss", 1, 1, 1000).metric("loss", 0.5, 2, 2000).finish();
    }
    Map<String, String> ids = JournalMirror.check(store, api);
    assertThat(api.reader().history(ids.get(uuid), "loss")).hasSize(2);
  }

  @Test
  void oneBadValueDoesNotTakeTheOthersWithIt() throws Exception {
    String uuid;
    try (Tracking tracking = Tracking.open(options(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("bad", "run"));
      uuid = run.uuid();
      run.params(Map.of("seed", "1", "other", "x"));
      run.artifact("barrier.txt", new byte[] {1});
      run.params(Map.of("seed", "2", "good", "y")).metric("loss", 1, 1);
      run.finish();
    }
    TrackingStatus status = Tracking.status(store);
    assertThat(status.delivered()).isTrue();
    assertThat(status.refused()).isEqualTo(1);
    assertThat(status.complete()).isFalse();
    assertThat(status.describe()).contains("1 event refused by MLflow for good (param seed of run");
    RunReader.Run run = run(api.findExperiment("bad").orElseThrow(), "run");
    assertThat(run.params())
        .containsExactlyInAnyOrderEntriesOf(Map.of("seed", "1", "other", "x", "good", "y"));
    assertThat(run.metrics()).containsEntry("loss", 1.0);
    assertThat(Outbox.in(store).sessions().get(0).refused().read())
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.run()).isEqualTo(uuid);
              assertThat(refused.what()).isEqualTo("param seed");
            });
  }

  @Test
  void aRunDeletedInMlflowIsRefusedAndHoldsNothingUp() throws Exception {
    try (Tracking tracking = Tracking.open(options(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("deleted", "gone"));
      Awaitility.await().atMost(LONG).until(() -> tracking.page(run).isPresent());
      RunReader.Run made = run(api.findExperiment("deleted").orElseThrow(), "gone");
      post("runs/delete", "{\"run_id\": \"" + made.id() + "\"}");
      run.metric("loss", 1, 1).finish();
      tracking.start(RunSpec.of("deleted", "next")).metric("loss", 2, 1).finish();
    }
    TrackingStatus status = Tracking.status(store);
    assertThat(status.delivered()).isTrue();
    assertThat(status.refused()).isPositive();
    assertThat(run(api.findExperiment("deleted").orElseThrow(), "next").metrics())
        .containsEntry("loss", 2.0);
  }

  @Test
  void eventsOfADeletedExperimentWaitUntilItIsRestored() throws Exception {
    String id;
    try (Tracking tracking = Tracking.open(options(), store)) {
      TrackedRun before = tracking.start(RunSpec.of("put away", "before"));
      Awaitility.await().atMost(LONG).until(() -> tracking.page(before).isPresent());
      id = api.findExperiment("put away").orElseThrow();
      post("experiments/delete", "{\"experiment_id\": \"" + id + "\"}");
      before.metric("loss", 1, 1).finish();
      tracking.start(RunSpec.of("put away", "after")).metric("loss", 2, 1).finish();
    }
    TrackingStatus waiting = Tracking.sync(options(), store, LONG);
    assertThat(waiting.undelivered()).isPositive();
    assertThat(waiting.refused()).isZero();
    assertThat(waiting.describe())
        .contains("the experiment 'put away' was deleted in MLflow")
        .contains("mlflow experiments restore --experiment-id");
    assertThatThrownBy(() -> ServerProbe.of(uri, LONG, Map.of(), Optional.of("put away")))
        .hasMessageContaining("'put away' was deleted");

    try (Tracking other = Tracking.open(options(), store)) {
      other.start(RunSpec.of("elsewhere", "run")).metric("loss", 3, 1).finish();
    }
    assertThat(run(api.findExperiment("elsewhere").orElseThrow(), "run").metrics())
        .as("runs of other experiments do not wait")
        .containsEntry("loss", 3.0);

    post("experiments/restore", "{\"experiment_id\": \"" + id + "\"}");
    TrackingStatus delivered = Tracking.sync(options(), store, LONG);
    assertThat(delivered.complete()).as(delivered.describe()).isTrue();
    assertThat(run(id, "before").metrics()).containsEntry("loss", 1.0);
    assertThat(run(id, "after").metrics()).containsEntry("loss", 2.0);
  }

  @Test
  void silentRunsAreEndedOnTheServerAndLivingOnesAreNot() throws Exception {
    String experiment = api.experiment("silent");
    Instant now = Instant.now();
    long longAgo = now.minus(Duration.ofDays(2)).toEpochMilli();
    api.createRun(experiment, "uuid-silent", "silent", longAgo, Map.of());
    api.createRun(
        experiment, "uuid-living", "living", longAgo, Map.of("facet.heartbeat", now.toString()));
    assertThat(new StaleRuns(api).end("silent", now.minus(Duration.ofDays(1))))
        .containsExactly("silent");
    assertThat(run(experiment, "silent").status()).isEqualTo("KILLED");
    assertThat(run(experiment, "living").status()).isEqualTo("RUNNING");
  }

  @Test
  void theServerIsFoundByItsStoreAndASecondStartAnswersTheFirst() throws Exception {
    MlflowServer other = new MlflowServer(serverStore, System.getenv());
    assertThat(other.status().uri()).contains(uri);
    assertThat(other.start(OptionalInt.empty(), message -> {}).pid())
        .isEqualTo(server.status().pid());
  }

  @Test
  void anOccupiedPortIsSaidWithTheCure() throws Exception {
    MlflowServer another = new MlflowServer(store, System.getenv());
    ServerStatus status = another.start(OptionalInt.of(uri.getPort()), message -> {});
    assertThat(status.state()).isEqualTo(ServerStatus.State.PORT_OCCUPIED);
    assertThat(status.detail()).contains(Integer.toString(uri.getPort())).contains("another port");
  }

  @Test
  void storesThatStartServersAtOnceGetOneEach(@TempDir Path left, @TempDir Path right)
      throws Exception {
    List<MlflowServer> servers =
        List.of(new MlflowServer(left, System.getenv()), new MlflowServer(right, System.getenv()));
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      Callable<ServerStatus> first = () -> servers.get(0).start(OptionalInt.empty(), text -> {});
      Callable<ServerStatus> second = () -> servers.get(1).start(OptionalInt.empty(), text -> {});
      Set<URI> addresses = new HashSet<>();
      for (Future<ServerStatus> started : both.invokeAll(List.of(first, second))) {
        assertThat(started.get().running()).as(started.get().detail()).isTrue();
        addresses.add(started.get().uri().orElseThrow());
      }
      assertThat(addresses).hasSize(2);
    } finally {
      both.shutdownNow();
      for (MlflowServer each : servers) {
        each.stop();
      }
    }
  }

  private void writeRuns(String experiment) {
    try (Tracking tracking = Tracking.open(options(), store)) {
      TrackedRun plan =
          tracking.start(RunSpec.of(experiment, "plan").with("mlflow.user", "someone"));
      plan.params(Map.of("seed", "7", "head", "arcface"))
          .dataset(
              new DatasetInput(
                  "faces",
                  "0123456789abcdef0123456789abcdef0123456789abcdef",
                  "cfp/images",
                  "{\"image_id\": \"string\"}",
                  "{\"rows\": 10}",
                  "training"))
          .artifact("plots/loss curve.txt", "drawn".getBytes(StandardCharsets.UTF_8))
          .artifact("model/weights", new byte[100_000])
          .describe("# A plan");
      TrackedRun stage = plan.child("stage", Map.of("facet.stage", "align"));
      TrackedRun seed = stage.child("seed", Map.of());
      List<MetricPoint> points = new ArrayList<>();
      for (int step = 0; step < 2500; step++) {
        points.add(new MetricPoint("train/loss", 1.0 / (1 + step), 1_000_000 + step, step));
      }
      seed.metrics(points).metric("nan", Double.NaN, 1);
      seed.end(RunStatus.KILLED, "SIGTERM");
      stage.end(RunStatus.FAILED, "no faces");
      TrackedModel logged =
          plan.model(
              new LoggedModel(
                  experiment + ": the model",
                  "face-embedding",
                  Map.of("seed", "7"),
                  Map.of("facet.student", "kd#1")));
      logged
          .artifact("weights", new byte[100_000])
          .measured(
              new DatasetInput("pairs", "fedcba98".repeat(8), "cfp/pairs", "", "", "verification"),
              List.of(new MetricPoint("accuracy/pairs", 0.9, 1_000_000, 0)));
      plan.register(
          new ModelVersion(
              experiment + "-model",
              "model",
              "The best one",
              Map.of("accuracy", "0.9"),
              List.of("candidate")),
          logged,
          "");
      logged.ready();
      plan.mark(
          new VersionMark(
              experiment + "-model",
              "accuracy",
              "0.9",
              Map.of("gate", "promoted"),
              List.of("champion")));
      plan.finish();
      assertThat(tracking.close(LONG).describe()).contains(uri.toString()).doesNotContain("not");
    }
  }

  private static TrackingOptions options() {
    return TrackingOptions.to(uri).withDrain(LONG);
  }

  private RunReader.Run run(String experiment, String name) throws Exception {
    List<RunReader.Run> found =
        api.reader().search(experiment, "attributes.run_name = '" + name + "'");
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static String artifact(RunReader.Run run, String path) throws Exception {
    String below = run.artifactUri().substring("mlflow-artifacts:".length());
    URI address =
        uri.resolve("/api/2.0/mlflow-artifacts/artifacts" + below + "/" + path.replace(" ", "%20"));
    HttpResponse<String> reply =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(200);
    return reply.body();
  }

  private static void post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve("/api/2.0/mlflow/" + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }
}
