package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.entity.MetricPoint;

/** A point of a metric as MLflow's {@code runs/log-batch} wants it. */
final class MetricJson {
  private MetricJson() {}

  /** Adds the point; answers what was added. */
  static ObjectNode add(ArrayNode list, MetricPoint point) {
    return list.addObject()
        .put("key", point.key())
        .put("value", point.value())
        .put("timestamp", point.timestamp())
        .put("step", point.step());
  }
}
