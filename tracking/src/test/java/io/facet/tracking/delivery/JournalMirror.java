package io.facet.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.file.BlobFolder;
import io.facet.tracking.journal.EventReader;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.mlflow.LoggedModels;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.Registry;
import io.facet.tracking.mlflow.RunReader;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Works out from the journal what MLflow must hold, and compares. */
public final class JournalMirror {
  private final Map<String, ExpectedRun> runs = new LinkedHashMap<>();
  private final Map<String, String> newest = new LinkedHashMap<>();

  private static final class ExpectedRun {
    private String experiment = "";
    private String parent = "";
    private String status = "RUNNING";
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Map<String, Set<MetricPoint>> metrics = new LinkedHashMap<>();
    private final Map<String, String> datasets = new LinkedHashMap<>();
    private final Map<String, String> artifacts = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, ExpectedModel> models = new LinkedHashMap<>();
  }

  private static final class ExpectedModel {
    private String status = "LOGGED_MODEL_PENDING";
    private final Map<String, String> artifacts = new LinkedHashMap<>();
    private final Map<String, Double> metrics = new LinkedHashMap<>();
  }

  private JournalMirror() {}

  /** Asserts that the server holds exactly what the store's journals say; answers the run ids. */
  public static Map<String, String> check(Path store, MlflowApi api) throws Exception {
    JournalMirror mirror = new JournalMirror();
    for (Session session : Outbox.in(store).sessions()) {
      try (EventReader reader = session.read(JournalPosition.START)) {
        for (Optional<EventReader.Entry> next = reader.next();
            next.isPresent();
            next = reader.next()) {
          mirror.add(next.get().event(), session.blobs());
        }
      }
    }
    return mirror.compare(api);
  }

  private void add(TrackingEvent event, BlobFolder blobs) throws IOException {
    ExpectedRun run = runs.computeIfAbsent(event.run(), uuid -> new ExpectedRun());
    if (event instanceof TrackingEvent.RunStarted start) {
      run.experiment = start.experiment();
      run.parent = start.parent();
      run.status = "RUNNING";
      run.tags.putAll(start.tags());
    } else if (event instanceof TrackingEvent.Params params) {
      params.values().forEach(run.params::putIfAbsent);
    } else if (event instanceof TrackingEvent.Tags tags) {
      run.tags.putAll(tags.values());
    } else if (event instanceof TrackingEvent.Metrics metrics) {
      for (MetricPoint point : metrics.points()) {
        run.metrics.computeIfAbsent(point.key(), key -> new LinkedHashSet<>()).add(point);
      }
    } else if (event instanceof TrackingEvent.DatasetRead read) {
      String digest = read.dataset().digest();
      run.datasets.put(read.dataset().name(), digest.substring(0, Math.min(36, digest.length())));
    } else if (event instanceof TrackingEvent.ArtifactKept kept) {
      byte[] content = Files.readAllBytes(blobs.path(kept.sha256()));
      Map<String, String> artifacts =
          kept.model().isEmpty() ? run.artifacts : run.models.get(kept.model()).artifacts;
      artifacts.put(kept.path(), new String(content, StandardCharsets.UTF_8));
    } else if (event instanceof TrackingEvent.ModelLogged logged) {
      run.models.put(logged.uuid(), new ExpectedModel());
    } else if (event instanceof TrackingEvent.ModelMeasured measured) {
      for (MetricPoint point : measured.points()) {
        run.models.get(measured.uuid()).metrics.put(point.key(), point.value());
        run.metrics.computeIfAbsent(point.key(), key -> new LinkedHashSet<>()).add(point);
      }
    } else if (event instanceof TrackingEvent.ModelReady ready) {
      run.models.get(ready.uuid()).status = "LOGGED_MODEL_READY";
    } else if (event instanceof TrackingEvent.ModelRegistered made) {
      run.versions.put(made.uuid(), made.version().model());
      made.version()
          .aliases()
          .forEach(alias -> newest.put(made.version().model() + "@" + alias, made.uuid()));
    } else if (event instanceof TrackingEvent.RunEnded end) {
      run.status = end.status().name();
      if (!end.reason().isEmpty()) {
        run.tags.put("facet.end.reason", end.reason());
      }
    }
  }

  private Map<String, String> compare(MlflowApi api) throws Exception {
    Map<String, String> ids = new LinkedHashMap<>();
    for (Map.Entry<String, ExpectedRun> entry : runs.entrySet()) {
      ExpectedRun expected = entry.getValue();
      String experiment = api.findExperiment(expected.experiment).orElseThrow();
      List<RunReader.Run> found =
          api.reader()
              .search(experiment, "tags.`" + MlflowApi.RUN_TAG + "` = '" + entry.getKey() + "'");
      assertThat(found).as("runs of uuid %s", entry.getKey()).hasSize(1);
      RunReader.Run run = found.get(0);
      ids.put(entry.getKey(), run.id());
      assertThat(run.status()).isEqualTo(expected.status);
      assertThat(run.params()).isEqualTo(expected.params);
      assertThat(run.tags()).containsAllEntriesOf(expected.tags);
      assertThat(run.datasets()).isEqualTo(expected.datasets);
      // A parent may be missing whose beginning a power failure took with it.
      if (ids.containsKey(expected.parent)) {
        assertThat(run.tags()).containsEntry("mlflow.parentRunId", ids.get(expected.parent));
      }
      assertThat(run.metrics()).containsOnlyKeys(expected.metrics.keySet());
      for (Map.Entry<String, Set<MetricPoint>> metric : expected.metrics.entrySet()) {
        assertThat(api.reader().history(run.id(), metric.getKey()))
            .containsExactlyInAnyOrderElementsOf(metric.getValue());
      }
      for (Map.Entry<String, String> artifact : expected.artifacts.entrySet()) {
        assertThat(api.text(run.artifactUri(), artifact.getKey())).isEqualTo(artifact.getValue());
      }
      compareVersions(expected.versions, run, api);
      compareModels(expected.models, experiment, run, api);
    }
    for (Map.Entry<String, String> alias : newest.entrySet()) {
      String[] name = alias.getKey().split("@", 2);
      assertThat(api.registry().aliased(name[0], name[1]).orElseThrow().tags())
          .containsEntry(Registry.VERSION_TAG, alias.getValue());
    }
    return ids;
  }

  private static void compareVersions(
      Map<String, String> expected, RunReader.Run run, MlflowApi api) throws Exception {
    for (String model : new LinkedHashSet<>(expected.values())) {
      List<String> made =
          api.registry().versions(model).stream()
              .filter(version -> version.runId().equals(run.id()))
              .map(version -> version.tags().get(Registry.VERSION_TAG))
              .toList();
      assertThat(made)
          .containsExactlyInAnyOrderElementsOf(
              expected.keySet().stream().filter(u -> expected.get(u).equals(model)).toList());
    }
  }

  /** Each is there once, of the run, and an output of it as soon as it is whole. */
  private static void compareModels(
      Map<String, ExpectedModel> expected, String experiment, RunReader.Run run, MlflowApi api)
      throws Exception {
    if (expected.isEmpty()) {
      return;
    }
    List<String> outputs = new ArrayList<>();
    for (Map.Entry<String, ExpectedModel> entry : expected.entrySet()) {
      LoggedModels.Entry model = api.loggedModels().find(experiment, entry.getKey()).orElseThrow();
      assertThat(model.status()).isEqualTo(entry.getValue().status);
      assertThat(model.sourceRun()).isEqualTo(run.id());
      assertThat(model.metrics()).isEqualTo(entry.getValue().metrics);
      for (Map.Entry<String, String> artifact : entry.getValue().artifacts.entrySet()) {
        assertThat(api.text(model.artifactUri(), artifact.getKey())).isEqualTo(artifact.getValue());
      }
      if (model.status().equals("LOGGED_MODEL_READY")) {
        outputs.add(model.id());
      }
    }
    // MLflow cannot take back an output, so that a request done twice on the way lists it twice.
    assertThat(api.loggedModels().outputs(run.id())).hasSameElementsAs(outputs);
    assertThat(
            api.loggedModels().all(experiment).stream()
                .filter(model -> model.sourceRun().equals(run.id())))
        .hasSameSizeAs(expected.keySet());
  }
}
