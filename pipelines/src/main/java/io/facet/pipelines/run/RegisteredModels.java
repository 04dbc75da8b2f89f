package io.facet.pipelines.run;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.plan.RegisteredFile;
import io.facet.pipelines.plan.RegisteredFiles;
import io.facet.pipelines.recipe.FrozenRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.pipelines.recipe.WeightsRecipe;
import io.facet.pipelines.registry.ModelReference;
import io.facet.pipelines.registry.ModelRegistry;
import io.facet.pipelines.registry.RegisteredModel;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The registered models that a recipe names, looked up each time it is planned. */
final class RegisteredModels {
  private RegisteredModels() {}

  /** Asks a registry. */
  private interface Lookup {
    RegisteredModel of(TrackingOptions server, ModelReference reference)
        throws IOException, InterruptedException;
  }

  /**
   * Looks them up; a recipe that names none asks nobody.
   *
   * @throws RecipeException if a reference has another form, or no server is known
   * @throws DataException if there is no such model, alias, version or file
   * @throws InfrastructureException if the server cannot be asked
   */
  static RegisteredFiles of(Recipe recipe, Supplier<TrackingOptions> server) {
    List<String> weights =
        Stream.concat(
                recipe.teachers().stream().flatMap(RegisteredModels::weights),
                recipe.distill().initial().stream())
            .filter(WeightsRecipe::registered)
            .map(WeightsRecipe::path)
            .toList();
    List<String> programs =
        recipe.teachers().stream()
            .flatMap(teacher -> teacher.frozen().stream())
            .filter(program -> program.file().registered())
            .map(FrozenRecipe::path)
            .toList();
    return weights.isEmpty() && programs.isEmpty()
        ? RegisteredFiles.NONE
        : new RegisteredFiles(
            found(weights, server.get(), ModelRegistry::weights),
            found(programs, server.get(), ModelRegistry::single));
  }

  private static Stream<WeightsRecipe> weights(TeacherRecipe teacher) {
    return Stream.concat(
        teacher.weights().stream(), teacher.training().flatMap(t -> t.initial()).stream());
  }

  private static Map<String, RegisteredFile> found(
      List<String> references, TrackingOptions server, Lookup lookup) {
    Map<String, RegisteredFile> found = new HashMap<>();
    for (String reference : references) {
      try {
        RegisteredModel model = lookup.of(server, ModelReference.parse(reference));
        found.put(reference, new RegisteredFile(model.name(), model.sha256(), model.file()));
      } catch (IOException e) {
        throw new InfrastructureException(
            "%s cannot be fetched: %s".formatted(reference, e.getMessage()), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("interrupted");
        cancelled.initCause(e);
        throw cancelled;
      }
    }
    return found;
  }
}
