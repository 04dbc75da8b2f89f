package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.entity.DatasetInput;
import io.facet.tracking.rest.Json;

/** A dataset input as MLflow's {@code runs/log-inputs} wants it. */
final class DatasetJson {
  private static final int NAME = 500;
  private static final int DIGEST = 36;

  private DatasetJson() {}

  static String logInputs(String runId, DatasetInput dataset) {
    ObjectNode body = Json.object().put("run_id", runId);
    ObjectNode input = body.putArray("datasets").addObject();
    if (!dataset.context().isEmpty()) {
      input
          .putArray("tags")
          .addObject()
          .put("key", "mlflow.data.context")
          .put("value", dataset.context());
    }
    String source = dataset.source();
    if (!Json.valid(source)) {
      source = Json.object().put("uri", source).toString();
    }
    ObjectNode fields = input.putObject("dataset");
    fields.put("name", name(dataset));
    fields.put("digest", digest(dataset));
    fields.put("source_type", "local");
    fields.put("source", source);
    if (!dataset.schema().isEmpty()) {
      fields.put("schema", dataset.schema());
    }
    fields.put("profile", profile(dataset));
    return body.toString();
  }

  /** The name MLflow has the dataset by. */
  static String name(DatasetInput dataset) {
    return cut(dataset.name(), NAME);
  }

  /** The digest MLflow has the dataset by. */
  static String digest(DatasetInput dataset) {
    return cut(dataset.digest(), DIGEST);
  }

  private static String profile(DatasetInput dataset) {
    if (dataset.digest().length() <= DIGEST && !dataset.profile().isEmpty()) {
      return dataset.profile();
    }
    ObjectNode profile = Json.object();
    if (Json.valid(dataset.profile())) {
      try {
        if (Json.MAPPER.readTree(dataset.profile()) instanceof ObjectNode given) {
          profile = given;
        }
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
    return profile.put("digest", dataset.digest()).toString();
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }
}
