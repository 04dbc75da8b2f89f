package io.facet.pipelines.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.card.MlflowModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the file {@code MLmodel} of a model's folder says.
 *
 * @param onnx name of its ONNX file in the folder
 * @param contract what that file expects, if the folder says it
 */
record Mlmodel(String onnx, Optional<Preprocessing> contract) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /**
   * Reads the file.
   *
   * @param name of the model, for messages
   * @throws DataException if it is malformed or describes no ONNX model
   */
  static Mlmodel parse(String name, String text) {
    JsonNode tree;
    try {
      tree = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s: its file MLmodel is not YAML: %s".formatted(name, e.getOriginalMessage()), e);
    }
    String onnx = tree.path("flavors").path("onnx").path("data").asText("");
    if (onnx.isEmpty()) {
      List<String> flavours = new ArrayList<>();
      tree.path("flavors").fieldNames().forEachRemaining(flavours::add);
      throw new DataException(
          "%s holds no ONNX model (flavours: %s); log one with mlflow.onnx, or publish a student"
              .formatted(name, flavours.isEmpty() ? "none" : String.join(", ", flavours)));
    }
    if (!onnx.matches("[^/\\\\]+") || onnx.equals("..")) {
      throw new DataException(
          "%s: its file MLmodel names '%s', which is no file of its folder".formatted(name, onnx));
    }
    return new Mlmodel(onnx, contract(name, tree.path("metadata").path(MlflowModel.CONTRACT)));
  }

  private static Optional<Preprocessing> contract(String name, JsonNode stated) {
    if (stated.isMissingNode()) {
      return Optional.empty();
    }
    try {
      return Optional.of(RecordBinder.bindJson(Preprocessing.class, stated.asText()));
    } catch (RecipeException e) {
      throw new DataException(
          "%s: its file MLmodel states no usable preprocessing: %s".formatted(name, e.getMessage()),
          e);
    }
  }
}
