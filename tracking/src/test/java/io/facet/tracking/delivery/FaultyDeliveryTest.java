package io.facet.tracking.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.RunSpec;
import io.facet.tracking.TrackedModel;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.delivery.FaultyServer.Fault;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyDeliveryTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration DEADLINE = Duration.ofMillis(400);

  @TempDir Path store;
  private FakeMlflow mlflow;
  private FaultyServer server;

  @BeforeEach
  void startServer() throws IOException {
    mlflow = new FakeMlflow();
    server = new FaultyServer(mlflow, 0);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aThirdOfTheRequestsMayFailInEveryWay(Fault fault) throws Exception {
    writeRuns(store);
    Random random = new Random(11);
    server.faults(number -> number < 2 || random.nextInt(3) == 0 ? fault : Fault.NONE);
    deliverAll();
    assertThat(server.requests()).isGreaterThan(10);
    assertHolds();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CLOSED_BEFORE", "ERROR_BEFORE", "HUNG_BEFORE", "BUSY"})
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void aServerInLastingTroubleNeitherStopsNorSlowsTheCaller(Fault fault) throws Exception {
    CompletableFuture<Fault> answer = new CompletableFuture<>();
    server.faults(number -> answer.join());
    Tracking tracking = Tracking.open(options(server.uri()), store);
    TrackedRun run = tracking.start(RunSpec.of("study", "run"));
    for (int step = 0; step < 1000; step++) {
      run.metric("loss", step, step);
    }
    run.finish();
    answer.complete(fault); // whoever waits for the server would not have come here
    Awaitility.await().atMost(LONG).until(() -> !tracking.status().trouble().isEmpty());
    TrackingStatus status = tracking.close(Duration.ofSeconds(2));
    assertThat(status.undelivered()).isEqualTo(1002);
    assertThat(status.trouble()).isNotEmpty();

    server.faults(number -> Fault.NONE);
    deliverAll();
    assertHolds();
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void aServerThatIsAwayIsGivenUpWhenClosing() throws Exception {
    try (Socket bound = new Socket()) { // nobody listens, and nobody else can take the port
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      URI nobody = URI.create("http://127.0.0.1:" + bound.getLocalPort());
      Tracking tracking = Tracking.open(options(nobody), store);
      tracking.start(RunSpec.of("study", "run")).finish();
      TrackingStatus status = tracking.close(Duration.ofHours(1));
      assertThat(status.undelivered()).isEqualTo(2);
      assertThat(status.describe()).contains("2 events of 1 runs not delivered");
    }
  }

  @Test
  void aServerThatComesBackGetsWhatItMissedWhileTheRunGoesOn() throws Exception {
    int port = server.port();
    try (Tracking tracking = Tracking.open(options(server.uri()), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "run"));
      Awaitility.await().atMost(LONG).until(() -> tracking.page(run).isPresent());
      server.close();
      run.metric("loss", 1, 1);
      Awaitility.await().atMost(LONG).until(() -> !tracking.status().trouble().isEmpty());
      server = new FaultyServer(mlflow, port);
      run.metric("loss", 2, 2);
      tracking.flush();
      Awaitility.await().atMost(LONG).until(() -> deliveredWithoutTrouble(tracking));
    }
    deliverAll();
    assertHolds();
  }

  @Test
  void aServerThatLostItsDatabaseGetsEverythingAnew() throws Exception {
    int port = server.port();
    try (Tracking tracking = Tracking.open(options(server.uri()), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "run")).metric("loss", 1, 1);
      tracking.flush();
      Awaitility.await().atMost(LONG).until(() -> deliveredWithoutTrouble(tracking));
      server.close();
      mlflow = new FakeMlflow();
      server = new FaultyServer(mlflow, port);
      run.metric("loss", 2, 2);
      tracking.flush();
      Awaitility.await().atMost(LONG).until(() -> deliveredWithoutTrouble(tracking));
    }
    deliverAll();
    assertHolds();
    assertThat(Tracking.status(store).refused()).isZero();
  }

  @Test
  void aServerWithoutLoggedModelsGetsEverythingElse() throws Exception {
    server.close();
    mlflow = new FakeMlflow(false);
    server = new FaultyServer(mlflow, 0);
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "publish"));
      run.artifact("note.txt", "text".getBytes(StandardCharsets.UTF_8));
      TrackedModel logged =
          run.model(new LoggedModel("model", "test", Map.of("seed", "7"), Map.of()))
              .artifact("note.txt", "text".getBytes(StandardCharsets.UTF_8))
              .measured(
                  new DatasetInput("pairs", "def", "file:/y", "", "", "verification"),
                  List.of(new MetricPoint("accuracy/pairs", 0.9, 1000, 0)));
      logged.ready();
      run.register(
          new ModelVersion("model", "note.txt", "", Map.of(), List.of("candidate")),
          logged,
          "note.txt");
      run.finish();
    }
    deliverAll();
    assertThat(Tracking.status(store).refused()).isZero();
    assertThat(mlflow.loggedModelCount()).isZero();
    assertThat(mlflow.artifacts()).hasSize(1);
    try (MlflowApi api = new MlflowApi(server.uri(), LONG, Map.of())) {
      String source = api.registry().aliased("model", "candidate").orElseThrow().source();
      assertThat(source).endsWith("/artifacts/note.txt").doesNotContain("/models/");
    }
  }

  @Test
  void onlyDeliveredSessionsAreCleanedAway() throws Exception {
    writeRuns(store);
    assertThat(Tracking.clean(store, Duration.ZERO)).isZero();
    deliverAll();
    writeRuns(store);
    assertThat(Tracking.clean(store, Duration.ofDays(1))).isZero();
    assertThat(Tracking.clean(store, Duration.ofSeconds(-5))).isEqualTo(1);
    deliverAll();
    assertThat(Tracking.status(store).refused()).isZero();
    assertThat(mlflow.runCount()).isEqualTo(4);
    assertThat(Tracking.clean(store, Duration.ofSeconds(-5))).isEqualTo(1);
    try (Stream<Path> files = Files.walk(store)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void wrongCredentialsKeepEverythingInTheOutboxAndSayTheCure() throws IOException {
    FakeMlflow strict =
        new FakeMlflow() {
          @Override
          public synchronized Reply answer(
              String method, String path, Map<String, String> query, byte[] body) {
            return new Reply(401, "who are you?");
          }
        };
    server.close();
    try (FaultyServer closedDoor = new FaultyServer(strict, 0)) {
      writeRuns(store);
      TrackingStatus status = Tracking.sync(options(closedDoor.uri()), store, LONG);
      assertThat(status.delivered()).isFalse();
      assertThat(status.refused()).isZero();
      assertThat(status.trouble()).contains("MLFLOW_TRACKING_USERNAME");
    }
  }

  @Test
  void credentialsGoWithEveryRequestAndNowhereElse() throws Exception {
    writeRuns(store);
    String password = "open sesame";
    Map<String, String> user =
        Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", password);
    Tracking.sync(options(server.uri()).withDeadline(LONG).withEnvironment(user), store, LONG);
    String basic = Base64.getEncoder().encodeToString(("me:" + password).getBytes(UTF_8));
    assertThat(server.authorisations()).containsExactly("Basic " + basic);
    assertThat(mlflow.artifacts()).hasSize(1);

    Path token = Files.writeString(store.resolve("token"), "a-token-of-ours\n");
    URI withUser = URI.create("http://me:hidden@127.0.0.1:" + server.port());
    Tracking.deliverAgain(store);
    TrackingStatus status =
        Tracking.sync(
            options(withUser)
                .withDeadline(LONG)
                .withEnvironment(Map.of("MLFLOW_TRACKING_TOKEN_FILE", "" + token)),
            store,
            LONG);
    assertThat(status.delivered()).isTrue();
    assertThat(server.authorisations()).hasSize(2).contains("Bearer a-token-of-ours");
    Files.delete(token);
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(password, basic, "a-token-of-ours", "hidden");
      }
    }
    assertThat(status.describe()).doesNotContain("hidden");
  }

  @Test
  @Tag("soak")
  void randomSchedulesOfFaultsLoseAndDoubleNothing() throws Exception {
    Fault[] kinds = Fault.values();
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Path one = store.resolve("seed-" + seed);
      mlflow = new FakeMlflow();
      server.close();
      server = new FaultyServer(mlflow, 0);
      server.faults(
          number -> random.nextInt(4) > 0 ? Fault.NONE : kinds[random.nextInt(kinds.length)]);
      writeRuns(one);
      for (int attempt = 0; attempt < 50 && !Tracking.status(one).delivered(); attempt++) {
        Tracking.sync(options(server.uri()), one, Duration.ofMillis(1 + random.nextInt(3000)));
      }
      server.faults(number -> Fault.NONE);
      Tracking.sync(options(server.uri()), one, LONG);
      assertThat(Tracking.status(one).undelivered()).as("seed %s", seed).isZero();
      try (MlflowApi api = new MlflowApi(server.uri(), LONG, Map.of())) {
        JournalMirror.check(one, api);
      }
    }
  }

  private static void writeRuns(Path folder) {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), folder)) {
      TrackedRun plan = tracking.start(RunSpec.of("study", "plan"));
      plan.params(Map.of("seed", "7"))
          .dataset(new DatasetInput("faces", "abc", "file:/x", "", "", "training"))
          .artifact("note.txt", "text".getBytes(StandardCharsets.UTF_8));
      TrackedRun stage = plan.child("stage", Map.of("colour", "blue"));
      List<MetricPoint> points = new ArrayList<>();
      for (int step = 0; step < 1500; step++) {
        points.add(new MetricPoint("loss", step, step, step));
      }
      stage.metrics(points).end(RunStatus.KILLED, "SIGTERM");
      plan.register(new ModelVersion("model", "note.txt", "", Map.of(), List.of("candidate")));
      plan.finish();
    }
  }

  private static boolean deliveredWithoutTrouble(Tracking tracking) {
    TrackingStatus status = tracking.status();
    return status.delivered() && status.trouble().isEmpty();
  }

  /** Syncs until everything is delivered, as a person would who sees the backlog. */
  private void deliverAll() {
    Awaitility.await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Tracking.sync(options(server.uri()), store, LONG).delivered());
  }

  private void assertHolds() throws Exception {
    server.faults(number -> Fault.NONE);
    try (MlflowApi api = new MlflowApi(server.uri(), LONG, Map.of())) {
      Map<String, String> runs = JournalMirror.check(store, api);
      assertThat(mlflow.runCount()).isEqualTo(runs.size());
    }
  }

  private static TrackingOptions options(URI uri) {
    return TrackingOptions.to(uri).withDeadline(DEADLINE).withEnvironment(Map.of());
  }
}
