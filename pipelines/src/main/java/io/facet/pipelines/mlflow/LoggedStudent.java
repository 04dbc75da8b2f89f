package io.facet.pipelines.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.card.MlflowModel;
import io.facet.tracking.TrackedModel;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.entity.LoggedModel;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.entity.ModelVersion;
import io.facet.transforms.publish.PublishUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A published student on MLflow's page of models: its files, what it was made with, and its figures
 * by the verification set each was measured on. All of it stands in its card.
 */
final class LoggedStudent {
  private static final String TYPE = "face-embedding";
  private static final String INSIDE = MlflowModel.FOLDER + "/";

  private LoggedStudent() {}

  /**
   * Logs a student as an output of a run and registers it as a version.
   *
   * @param version of {@link Registration#of}
   * @param publication the artifact it was made of
   */
  static void register(ModelVersion version, Artifact publication, TrackedRun run) {
    JsonNode card = Registration.card(publication);
    TrackedModel model =
        run.model(new LoggedModel(version.model(), TYPE, params(card), version.tags()));
    boolean folder = version.artifactPath().equals(MlflowModel.FOLDER);
    for (Manifest.Attachment file : publication.manifest().attachments()) {
      if (folder ? file.name().startsWith(INSIDE) : file.name().equals(PublishUnit.MODEL)) {
        String place = folder ? file.name().substring(INSIDE.length()) : file.name();
        model.artifact(place, publication.attachment(file.name()));
      }
    }
    measured(card, model);
    model.ready();
    run.register(version, model, folder ? "" : PublishUnit.MODEL);
  }

  private static Map<String, String> params(JsonNode card) {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("student", card.path("student").asText());
    params.put("recipe", card.path("recipe").asText());
    for (String part : List.of("method", "network", "preprocessing")) {
      FlatParams.of(card.path(part))
          .forEach(
              (key, value) -> {
                if (!value.isEmpty()) {
                  params.put(part + "." + key, value);
                }
              });
    }
    return params;
  }

  private static void measured(JsonNode card, TrackedModel model) {
    Map<String, DatasetInput> sets = new TreeMap<>();
    for (JsonNode source : card.path("data").path("sources")) {
      if (source.has("set")) {
        sets.put(source.path("set").asText(), dataset(card, source));
      }
    }
    long now = System.currentTimeMillis();
    sets.forEach(
        (set, dataset) -> {
          List<MetricPoint> points = points(card, set, now);
          if (!points.isEmpty()) {
            model.measured(dataset, points);
          }
        });
  }

  private static DatasetInput dataset(JsonNode card, JsonNode source) {
    String digest = source.path("digest").asText();
    return new DatasetInput(
        source.path("set").asText(),
        digest.isEmpty() ? card.path("artifacts").path("ingest").asText() : digest,
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", source.path("kind").asText())
            .put("recipe", card.path("recipe").asText())
            .toString(),
        "",
        "",
        "verification");
  }

  /** Named with the set: MLflow takes points of one name, time and step for one. */
  private static List<MetricPoint> points(JsonNode card, String set, long now) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (JsonNode figure : card.path("evaluation").path("figures")) {
      JsonNode value = figure.path("value");
      if (figure.path("set").asText().equals(set)
          && value.isNumber()
          && Double.isFinite(value.asDouble())) {
        values.put(figure.path("figure").asText() + "/" + set, value.asDouble());
      }
    }
    return values.entrySet().stream()
        .map(entry -> new MetricPoint(entry.getKey(), entry.getValue(), now, 0))
        .toList();
  }
}
