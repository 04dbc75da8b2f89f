package io.facet.pipelines.recipe;

import io.facet.models.option.Description;
import java.util.Optional;

/**
 * The {@code publish} section: export, check and registration of the best student, judged by
 * validation alone.
 */
public record PublishRecipe(
    @Description(value = "Publish the best student.", defaultValue = "true") boolean enabled,
    @Description(
            value = "Largest cosine distance between our embeddings and those of the ONNX file.",
            range = "(0, 1]",
            defaultValue = "0.0001")
        double parity,
    @Description(
            value = "Name in the model registry; absent: the recipe's name.",
            defaultValue = Description.ABSENT)
        Optional<String> model,
    @Description(value = "Alias of the registered version.", defaultValue = "candidate")
        String alias,
    @Description(
            value = "What a candidate must show to become the champion.",
            defaultValue = "{}",
            affectsResult = false)
        GateRecipe gate) {

  /** Name in the model registry. */
  public String model(String recipeName) {
    return model.orElse(recipeName);
  }
}
