package io.facet.tracking.delivery;

import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.mlflow.LoggedModels;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.Registry;
import io.facet.tracking.rest.MlflowFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Delivers logged models: to a server that has none of them, nothing. MLflow's id of a model is
 * looked up by our uuid, so that nothing has to be remembered between deliveries.
 */
final class ModelDelivery {
  private final MlflowApi api;
  private final Map<String, LoggedModels.Entry> known = new HashMap<>();

  ModelDelivery(MlflowApi api) {
    this.api = api;
  }

  /** Looks everything up again. */
  void clear() {
    known.clear();
  }

  void logged(MlflowApi.RunId run, TrackingEvent.ModelLogged logged)
      throws MlflowFailure, InterruptedException {
    if (offered(run)) {
      known.put(logged.uuid(), api.loggedModels().create(run, logged.uuid(), logged.model()));
    }
  }

  void artifact(MlflowApi.RunId run, TrackingEvent.ArtifactKept kept, Path content)
      throws MlflowFailure, InterruptedException {
    if (offered(run)) {
      api.artifact(entry(run, kept.model()).artifactUri(), kept.path(), content);
    }
  }

  void measured(MlflowApi.RunId run, TrackingEvent.ModelMeasured measured)
      throws MlflowFailure, InterruptedException {
    if (offered(run)) {
      String id = entry(run, measured.uuid()).id();
      api.loggedModels().measured(run.id(), id, measured.dataset(), measured.points());
    }
  }

  void ready(MlflowApi.RunId run, TrackingEvent.ModelReady ready)
      throws MlflowFailure, InterruptedException {
    if (offered(run)) {
      String id = entry(run, ready.uuid()).id();
      api.loggedModels().ready(run.experimentId(), ready.uuid(), id);
      api.loggedModels().output(run.id(), id);
    }
  }

  void registered(MlflowApi.RunId run, TrackingEvent.ModelRegistered made)
      throws MlflowFailure, InterruptedException {
    api.registry().register(made.uuid(), run, made.version(), source(run, made));
  }

  /** MLflow takes a version for that of a logged model only if it is made of its artifacts. */
  private Registry.Source source(MlflowApi.RunId run, TrackingEvent.ModelRegistered made)
      throws MlflowFailure, InterruptedException {
    if (made.logged().isEmpty() || !offered(run)) {
      return Registry.Source.of(run, made.version());
    }
    LoggedModels.Entry model = entry(run, made.logged());
    String below = made.loggedPath().isEmpty() ? "" : "/" + made.loggedPath();
    return new Registry.Source(model.artifactUri() + below, model.id());
  }

  private boolean offered(MlflowApi.RunId run) throws MlflowFailure, InterruptedException {
    return api.loggedModels().offered(run.experimentId());
  }

  private LoggedModels.Entry entry(MlflowApi.RunId run, String uuid)
      throws MlflowFailure, InterruptedException {
    LoggedModels.Entry entry = known.get(uuid);
    if (entry == null) {
      entry =
          api.loggedModels()
              .find(run.experimentId(), uuid)
              .orElseThrow(
                  () ->
                      new MlflowFailure(
                          MlflowFailure.Kind.MISSING,
                          "MLflow does not have the logged model " + uuid,
                          null));
      known.put(uuid, entry);
    }
    return entry;
  }
}
