package io.facet.pipelines.registry;

import io.facet.pipelines.evaluate.OwnEvaluation;
import io.facet.pipelines.mlflow.MlflowEvaluations;
import io.facet.tracking.rest.TrackingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A version of a registered model whose file lies on this machine.
 *
 * @param name {@code models:/NAME/VERSION}
 * @param file the model file
 * @param sha256 of the model file
 * @param evaluation fingerprint of its evaluation, if the version says it
 * @param server that has it
 */
public record RegisteredModel(
    String name, Path file, String sha256, Optional<String> evaluation, TrackingOptions server) {
  private static final String EVALUATIONS = "evaluation";

  /**
   * Its evaluation, fetched from the server at first use; empty if it was not evaluated, or MLflow
   * does not have that.
   *
   * @throws io.facet.pipelines.InfrastructureException if the server cannot be asked
   */
  public Optional<OwnEvaluation> measured() throws InterruptedException {
    if (evaluation.isEmpty()) {
      return Optional.empty();
    }
    Path store = file.resolveSibling(EVALUATIONS);
    Optional<OwnEvaluation> known =
        Files.isDirectory(store) ? OwnEvaluation.in(store, evaluation.get()) : Optional.empty();
    if (known.isPresent()) {
      return known;
    }
    MlflowEvaluations.fetch(server, evaluation.get(), store);
    return OwnEvaluation.in(store, evaluation.get());
  }
}
