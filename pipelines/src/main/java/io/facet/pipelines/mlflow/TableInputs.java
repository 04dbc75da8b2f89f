package io.facet.pipelines.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.tracking.entity.DatasetInput;
import java.util.List;

/** Tables of artifacts as MLflow's datasets: digest, columns, number of rows, place. */
final class TableInputs {
  private TableInputs() {}

  /** All tables of an artifact. */
  static List<DatasetInput> of(Artifact artifact, String context) {
    return artifact.manifest().tables().stream()
        .map(
            table ->
                new DatasetInput(
                    artifact.manifest().instance() + "/" + table.name(),
                    table.digest(),
                    artifact.uri() + "/" + table.name(),
                    schema(table),
                    profile(table),
                    context))
        .toList();
  }

  private static String schema(Manifest.Table table) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    ArrayNode columns = schema.putArray("mlflow_colspec");
    for (Manifest.Column column : table.columns()) {
      columns
          .addObject()
          .put("type", type(column.type()))
          .put("name", column.name())
          .put("required", true);
    }
    return schema.toString();
  }

  /** MLflow's words for the types of a Parquet table. */
  private static String type(String avro) {
    return switch (avro) {
      case "int", "integer" -> "integer";
      case "long", "float", "double", "boolean", "string" -> avro;
      case "bytes", "fixed" -> "binary";
      default -> "string";
    };
  }

  private static String profile(Manifest.Table table) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("num_rows", table.rows())
        .put("num_files", table.files().size())
        .toString();
  }
}
