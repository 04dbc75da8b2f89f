package io.facet.pipelines.plan;

import java.util.Map;
import java.util.Optional;

/**
 * The files of all registered models that a recipe names, by the reference as it stands there.
 *
 * @param weights files of tensors, of teachers' networks and to start from
 * @param programs finished programs, of teachers
 */
public record RegisteredFiles(
    Map<String, RegisteredFile> weights, Map<String, RegisteredFile> programs) {
  /** Of a recipe that names none. */
  public static final RegisteredFiles NONE = new RegisteredFiles(Map.of(), Map.of());

  /** Copies. */
  public RegisteredFiles {
    weights = Map.copyOf(weights);
    programs = Map.copyOf(programs);
  }

  /** The weights that a path of the recipe means, if it names a registered model. */
  public Optional<RegisteredFile> weights(String path) {
    return Optional.ofNullable(weights.get(path));
  }

  /** The program that a path of the recipe means, if it names a registered model. */
  public Optional<RegisteredFile> program(String path) {
    return Optional.ofNullable(programs.get(path));
  }
}
