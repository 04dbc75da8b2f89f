package io.facet.tracking.delivery;

import io.facet.tracking.entity.RunStatus;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.RunReader;
import io.facet.tracking.rest.MlflowFailure;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Ends, on the server, runs whose process is silent: also of stores that are gone. */
public final class StaleRuns {
  private final MlflowApi api;

  /** Asks and ends through {@code api}. */
  public StaleRuns(MlflowApi api) {
    this.api = api;
  }

  /**
   * Ends as {@code KILLED} our runs of an experiment that are {@code RUNNING} and gave no sign of
   * life since {@code limit}; answers their names.
   */
  public List<String> end(String experiment, Instant limit)
      throws MlflowFailure, InterruptedException {
    var experimentId = api.findExperiment(experiment);
    return experimentId.isPresent() ? endIn(experimentId.get(), limit) : List.of();
  }

  /** As {@link #end}, in all experiments. */
  public List<String> endAll(Instant limit) throws MlflowFailure, InterruptedException {
    List<String> ended = new ArrayList<>();
    for (String experimentId : api.reader().experiments()) {
      ended.addAll(endIn(experimentId, limit));
    }
    return ended;
  }

  private List<String> endIn(String experimentId, Instant limit)
      throws MlflowFailure, InterruptedException {
    List<String> ended = new ArrayList<>();
    for (RunReader.Run run : api.reader().search(experimentId, "attributes.status = 'RUNNING'")) {
      String uuid = run.tags().getOrDefault(MlflowApi.RUN_TAG, "");
      Instant last = lastSign(run);
      if (!uuid.isEmpty() && last.isBefore(limit)) {
        api.tag(run.id(), "facet.end.reason", "no sign of life since " + last);
        MlflowApi.RunId id = new MlflowApi.RunId(run.id(), experimentId, run.artifactUri(), true);
        api.end(id, uuid, RunStatus.KILLED, last.toEpochMilli());
        ended.add(run.name());
      }
    }
    return ended;
  }

  private static Instant lastSign(RunReader.Run run) {
    Instant started = Instant.ofEpochMilli(run.startedAt());
    try {
      Instant beat = Instant.parse(run.tags().getOrDefault("facet.heartbeat", ""));
      return beat.isAfter(started) ? beat : started;
    } catch (DateTimeException e) {
      return started;
    }
  }
}
