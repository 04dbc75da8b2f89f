package io.facet.pipelines.card;

import io.facet.models.weights.ModelFile;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.row.MetricRow;
import java.util.List;
import java.util.Optional;

/**
 * A student to be published and the artifacts that its card is read from.
 *
 * @param recipe that made it
 * @param name of the student, {@code cakd#1}
 * @param fingerprint of the publication
 * @param model the student itself
 * @param ingest what was read
 * @param align the faces
 * @param training of the student
 * @param evaluation of the student; empty if it failed
 * @param figures rows of the evaluation's table {@code metrics}
 * @param onnx the ONNX file; empty for a network without ONNX form
 */
public record Published(
    Recipe recipe,
    String name,
    String fingerprint,
    ModelFile model,
    Manifest ingest,
    Manifest align,
    Manifest training,
    Optional<Manifest> evaluation,
    List<MetricRow> figures,
    Optional<byte[]> onnx) {
  public Published {
    figures = List.copyOf(figures);
  }

  /** Its name in the registry. */
  public String registered() {
    return recipe.publish().model(recipe.name());
  }
}
