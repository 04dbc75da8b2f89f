package io.facet.pipelines.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.card.CardText;
import io.facet.pipelines.card.MlflowModel;
import io.facet.pipelines.card.ModelCard;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.stage.Stages;
import io.facet.tracking.entity.ModelVersion;
import io.facet.transforms.publish.PublishUnit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A published student as a version of a registered model; what it says stands in its card. */
public final class Registration {
  /** Tag of a version: the SHA-256 of its model file. */
  public static final String SHA256 = "facet.sha256";

  /** Tag of a version: the SHA-256 of the file of its tensors, among the files of its run. */
  public static final String WEIGHTS_SHA256 = "facet.weights_sha256";

  /** Tag of a version: the fingerprint of the student's evaluation. */
  public static final String EVALUATION = "facet.evaluation";

  private Registration() {}

  /** The version that an artifact becomes; none unless it is a publication. */
  static Optional<ModelVersion> of(Recipe recipe, Artifact artifact) {
    Manifest manifest = artifact.manifest();
    if (!manifest.stage().equals(Stages.PUBLISH)) {
      return Optional.empty();
    }
    JsonNode card = card(artifact);
    return Optional.of(
        new ModelVersion(
            recipe.publish().model(recipe.name()),
            hasFolder(manifest) ? MlflowModel.FOLDER : PublishUnit.MODEL,
            CardText.description(card),
            tags(manifest, card),
            List.of(recipe.publish().alias())));
  }

  /** The card of a publication. */
  static JsonNode card(Artifact publication) {
    return JsonText.parse(
        ModelCard.JSON, new String(publication.attachment(ModelCard.JSON), StandardCharsets.UTF_8));
  }

  /** Whether a file belongs to the version, so that MLflow must have it whatever its size. */
  static boolean needs(Manifest manifest, String attachment) {
    return manifest.stage().equals(Stages.PUBLISH)
        && (attachment.equals(file(manifest)) || attachment.equals(PublishUnit.MODEL));
  }

  private static Map<String, String> tags(Manifest manifest, JsonNode card) {
    Map<String, String> tags = new TreeMap<>();
    tags.put(MlflowListener.FINGERPRINT, manifest.fingerprint());
    tags.put(SHA256, manifest.attachment(file(manifest)).orElseThrow().file().sha256());
    manifest
        .attachment(PublishUnit.MODEL)
        .ifPresent(weights -> tags.put(WEIGHTS_SHA256, weights.file().sha256()));
    tags.put("facet.student", card.path("student").asText());
    JsonNode method = card.path("method");
    tags.put("facet.method", method.path("key").asText());
    tags.put("facet.reconstructed", method.path("reconstructed").asText());
    tags.put("facet.parameters", card.path("network").path("parameters").asText());
    String evaluation =
        card.path("artifacts")
            .path("%s[%s]".formatted(Stages.EVALUATE, card.path("student").asText()))
            .asText();
    if (!evaluation.isEmpty()) {
      tags.put(EVALUATION, evaluation);
    }
    for (JsonNode figure : card.path("evaluation").path("figures")) {
      if (figure.has("low")) {
        tags.put(
            "%s/%s".formatted(figure.path("figure").asText(), figure.path("set").asText()),
            CardText.withInterval(figure));
      }
    }
    return tags;
  }

  private static String file(Manifest manifest) {
    return hasFolder(manifest) ? MlflowModel.FOLDER + "/" + MlflowModel.ONNX : PublishUnit.MODEL;
  }

  private static boolean hasFolder(Manifest manifest) {
    return manifest.attachment(MlflowModel.FOLDER + "/" + MlflowModel.DESCRIPTION).isPresent();
  }
}
