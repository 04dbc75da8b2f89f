package io.facet.tracking.server;

import io.facet.tracking.file.Locks;
import io.facet.tracking.server.ServerStatus.State;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An MLflow server of this machine: SQLite and artifacts in one folder, listening on this machine
 * only. It outlives the process that starts it, and any process can ask for it or stop it. All
 * stores of a user share one, so that their runs stand side by side; a store can have its own.
 */
public final class MlflowServer {
  /** Where it listens unless told otherwise. */
  public static final int USUAL_PORT = 5000;

  private static final String DATABASE = "mlflow.db";
  private static final int PORTS_TRIED = 50;
  private static final Duration LONGEST_START = Duration.ofSeconds(120);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);
  private static final String DETACHED =
      "import os, sys; os.setsid(); "
          + "os.execv(sys.executable, [sys.executable, '-m', 'mlflow'] + sys.argv[1:])";

  private final Path folder;
  private final Map<String, String> environment;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /**
   * The server of a store alone, in its folder {@code mlflow}.
   *
   * @param environment for {@code PATH}, {@code FACET_PYTHON} and {@code FACET_CACHE}
   */
  public MlflowServer(Path storeFolder, Map<String, String> environment) {
    this(environment, storeFolder.toAbsolutePath().resolve("mlflow"));
  }

  private MlflowServer(Map<String, String> environment, Path folder) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The server that a store reports to unless told otherwise: its own if it ever had one, else the
   * user's, in the folder {@code FACET_MLFLOW} or {@code facet/mlflow} of the user's data.
   *
   * @param environment also for {@code FACET_MLFLOW}, {@code XDG_DATA_HOME} and {@code HOME}
   */
  public static MlflowServer of(Path storeFolder, Map<String, String> environment) {
    MlflowServer own = new MlflowServer(storeFolder, environment);
    if (own.known().isPresent() || Files.exists(own.folder.resolve(DATABASE))) {
      return own;
    }
    return usersFolder(environment)
        .map(folder -> new MlflowServer(environment, folder))
        .orElse(own);
  }

  private static Optional<Path> usersFolder(Map<String, String> environment) {
    Optional<Path> data =
        set(environment, "XDG_DATA_HOME")
            .or(() -> set(environment, "HOME").map(home -> home.resolve(".local").resolve("share")))
            .map(folder -> folder.resolve("facet").resolve("mlflow"));
    return set(environment, "FACET_MLFLOW").or(() -> data).map(Path::toAbsolutePath);
  }

  private static Optional<Path> set(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank()).map(Path::of);
  }

  /** Where it keeps its runs. */
  public Path folder() {
    return folder;
  }

  /**
   * Starts the server, or answers the one that runs already. Never throws for what a user can mend:
   * the answer's state and detail say it.
   *
   * @param port where it must listen; without one, where it listened last, else 5000, else the next
   *     free port
   * @param progress told what takes long
   */
  public ServerStatus start(OptionalInt port, Consumer<String> progress)
      throws InterruptedException {
    try {
      Files.createDirectories(folder);
      try (Locks.Held held = Locks.lock(folder.resolve("start.lock"), LONGEST_START)) {
        ServerStatus now = status();
        return now.running() ? now : startNew(port, progress);
      }
    } catch (IOException e) {
      return status(State.FAILED, "The MLflow server cannot start: " + e.getMessage());
    }
  }

  /** How the server is now. */
  public ServerStatus status() {
    Optional<ServerRecord> known = known();
    if (known.isEmpty() || known.get().process().isEmpty()) {
      return status(State.STOPPED, "");
    }
    boolean answers = healthy(known.get().port());
    return new ServerStatus(
        answers ? State.RUNNING : State.NOT_ANSWERING,
        Optional.of(uri(known.get().port())),
        known.get().pid(),
        log(),
        answers ? "" : "The MLflow server does not answer; see " + log());
  }

  /** Stops the server and what it started; answers whether there was one. */
  public boolean stop() throws IOException {
    Optional<ServerRecord> known = known();
    Optional<ProcessHandle> process = known.flatMap(ServerRecord::process);
    process.ifPresent(MlflowServer::end);
    if (known.isPresent()) {
      ServerRecord.stopped(known.get().port()).write(pidFile());
    }
    return process.isPresent();
  }

  private ServerStatus startNew(OptionalInt wanted, Consumer<String> progress)
      throws IOException, InterruptedException {
    if (choosePort(wanted).isEmpty()) {
      return occupied(wanted);
    }
    Optional<PythonInterpreter> base = PythonInterpreter.find(environment);
    if (base.isEmpty()) {
      return status(
          State.UNAVAILABLE,
          "No Python 3.9 or newer with venv and pip on the PATH: tracking stays local until one is"
              + " installed (or FACET_PYTHON names it)");
    }
    Path python;
    try {
      python = MlflowEnvironment.python(base.get(), environment, progress);
    } catch (IOException e) {
      return status(
          State.UNAVAILABLE, "MLflow cannot be installed: tracking stays local. " + e.getMessage());
    }
    // A server takes its port seconds after it was chosen; other stores choose after that.
    try (Locks.Held choice = Locks.lock(MlflowEnvironment.startLock(environment), LONGEST_START)) {
      return startNew(python, wanted, progress);
    }
  }

  private ServerStatus startNew(Path python, OptionalInt wanted, Consumer<String> progress)
      throws IOException, InterruptedException {
    OptionalInt port = choosePort(wanted);
    if (port.isEmpty()) {
      return occupied(wanted);
    }
    progress.accept("Starting MLflow on " + uri(port.getAsInt()));
    Process process = launch(python, port.getAsInt());
    ServerRecord.of(process, port.getAsInt()).write(pidFile());
    return await(process, port.getAsInt());
  }

  private ServerStatus occupied(OptionalInt wanted) {
    return status(
        State.PORT_OCCUPIED,
        "Port "
            + wanted.orElse(USUAL_PORT)
            + " is occupied by another program; choose another port, or none to let Facet choose");
  }

  private Process launch(Path python, int port) throws IOException {
    Path artifacts = Files.createDirectories(folder.resolve("artifacts"));
    List<String> command = new ArrayList<>(List.of(python.toString()));
    // A session of its own: the terminal's interrupt must not reach it.
    command.addAll(File.separatorChar == '\\' ? List.of("-m", "mlflow") : List.of("-c", DETACHED));
    command.addAll(
        List.of(
            "server",
            "--backend-store-uri",
            "sqlite:///" + folder.resolve(DATABASE).toString().replace('\\', '/'),
            "--artifacts-destination",
            artifacts.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--workers",
            "1"));
    ProcessBuilder builder = Commands.python(command, log());
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private ServerStatus await(Process process, int port) throws InterruptedException, IOException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      if (healthy(port)) {
        return status();
      }
      if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    String why = process.isAlive() ? "did not answer in time" : "ended at once";
    if (process.isAlive()) {
      end(process.toHandle());
    }
    ServerRecord.stopped(port).write(pidFile());
    return status(
        State.FAILED,
        "The MLflow server " + why + ": " + Commands.lastLines(log(), 2) + "; see " + log());
  }

  private OptionalInt choosePort(OptionalInt wanted) {
    if (wanted.isPresent() && wanted.getAsInt() != 0) {
      return free(wanted.getAsInt()) ? wanted : OptionalInt.empty();
    }
    int last = known().map(ServerRecord::port).orElse(USUAL_PORT);
    for (int port = last; port < last + PORTS_TRIED; port++) {
      if (free(port)) {
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean healthy(int port) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(uri(port).resolve("/health"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void end(ProcessHandle process) {
    List<ProcessHandle> all = Stream.concat(Stream.of(process), process.descendants()).toList();
    process.destroy();
    long end = System.nanoTime() + LONGEST_STOP.toNanos();
    for (ProcessHandle each : all) {
      try {
        each.onExit().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | ExecutionException e) {
        each.destroyForcibly();
      } catch (InterruptedException e) {
        all.forEach(ProcessHandle::destroyForcibly);
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Optional<ServerRecord> known() {
    try {
      return ServerRecord.read(pidFile());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private ServerStatus status(State state, String detail) {
    return new ServerStatus(state, Optional.empty(), 0, log(), detail);
  }

  private Path pidFile() {
    return folder.resolve("server.json");
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  private static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
