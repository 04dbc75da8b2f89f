package io.facet.pipelines.cli;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.tracking.Tracking;
import io.facet.tracking.delivery.StaleRuns;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.TrackingOptions;
import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The tracking of a store: the MLflow server it reports to, and its outbox. */
@Command(
    name = "track",
    description = "Starts and stops your MLflow server; delivers what it has not got yet.",
    mixinStandardHelpOptions = true)
final class TrackCommand implements Runnable {
  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = ".facet",
      scope = ScopeType.INHERIT,
      description = "The store (default: ${DEFAULT-VALUE}).")
  private Path store;

  @Option(
      names = "--tracking-uri",
      paramLabel = "URI",
      scope = ScopeType.INHERIT,
      description = "MLflow server; default: MLFLOW_TRACKING_URI, or the one of 'track serve'.")
  private String trackingUri;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "serve",
      description = "Starts an MLflow server on this machine, one for all your stores.")
  int serve(
      @Option(names = "--own", description = "A server of this store alone.") boolean own,
      @Option(
              names = "--port",
              paramLabel = "PORT",
              description = "Where it listens; default: 5000 or the next free one.")
          Integer port)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    OptionalInt wanted = port == null ? OptionalInt.empty() : OptionalInt.of(port);
    MlflowServer server = own ? new MlflowServer(root(), System.getenv()) : server();
    ServerStatus status =
        server.start(
            wanted,
            text -> {
              err.println(text);
              err.flush();
            });
    if (!status.running()) {
      throw new InfrastructureException(status.detail());
    }
    say("MLflow at %s (%s)".formatted(status.uri().orElseThrow(), server.folder()));
    return 0;
  }

  @Command(name = "stop", description = "Stops the MLflow server of 'track serve'.")
  int stop() throws IOException {
    say(server().stop() ? "MLflow stopped" : "no MLflow server was running");
    return 0;
  }

  @Command(name = "status", description = "Shows the server and what is not delivered yet.")
  int status() {
    ServerStatus status = server().status();
    say(
        "server: "
            + status.uri().map(Object::toString).orElse("stopped")
            + (status.detail().isEmpty() ? "" : " (" + status.detail() + ")"));
    TrackingStatus outbox = Tracking.status(root());
    say(
        "outbox: %d events not delivered, %d refused%s"
            .formatted(
                outbox.undelivered(),
                outbox.refused(),
                outbox.refused() == 0 ? "" : " (" + outbox.refusal() + ")"));
    for (TrackingStatus.RunBacklog run : outbox.runs()) {
      say(
          "  %s/%s: %d events (%s)"
              .formatted(run.experiment(), run.name(), run.events(), run.uuid()));
    }
    return 0;
  }

  @Command(name = "sync", description = "Delivers what the server has not got yet.")
  int sync(
      @Option(
              names = "--seconds",
              defaultValue = "600",
              description = "Longest time (default: ${DEFAULT-VALUE}).")
          int seconds,
      @Option(
              names = "--again",
              description = "From the first event on, such as to a server that lost its database.")
          boolean again)
      throws IOException {
    TrackingOptions options = serverOptions();
    if (again) {
      Tracking.deliverAgain(root());
    }
    TrackingStatus left = Tracking.sync(options, root(), Duration.ofSeconds(seconds));
    say(left.describe());
    return left.complete() ? 0 : 5;
  }

  @Command(
      name = "reap",
      description = {
        "Ends the runs of this store's processes that died without ending them, and tells MLflow.",
        "With --silent-for also runs of other stores that gave no sign of life for so long."
      })
  int reap(
      @Option(
              names = "--silent-for",
              paramLabel = "MINUTES",
              description = "Such as 60; living runs give a sign every minute.")
          Integer silentMinutes)
      throws InterruptedException {
    List<String> ended =
        Tracking.reap(root(), RunStatus.FAILED, "the process died without ending its run");
    say(ended.size() + " runs of dead processes ended");
    if (silentMinutes != null) {
      TrackingOptions options = serverOptions();
      Instant limit = Instant.now().minus(Duration.ofMinutes(silentMinutes));
      try (MlflowApi api = new MlflowApi(options)) {
        List<String> silent = new StaleRuns(api).endAll(limit);
        say(silent.size() + " silent runs ended in MLflow " + (silent.isEmpty() ? "" : silent));
      } catch (MlflowFailure e) {
        throw new InfrastructureException("MLflow cannot be asked: " + e.getMessage(), e);
      }
    }
    TrackingTarget target = TrackingTarget.of(Optional.ofNullable(trackingUri), root());
    TrackingStatus left = Tracking.sync(target.options(), root(), TrackingTarget.DRAIN);
    if (!left.delivered()) {
      say(left.describe() + " 'facet track sync' delivers it.");
    }
    return 0;
  }

  private TrackingOptions serverOptions() {
    TrackingTarget target = TrackingTarget.of(Optional.ofNullable(trackingUri), root());
    if (target.options().server().isEmpty()) {
      throw new InfrastructureException(
          "no MLflow server is known: start one with 'facet track serve', or give --tracking-uri");
    }
    return target.options();
  }

  private Path root() {
    return store.toAbsolutePath().normalize();
  }

  private MlflowServer server() {
    return MlflowServer.of(root(), System.getenv());
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
