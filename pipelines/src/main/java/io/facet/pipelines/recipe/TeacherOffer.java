package io.facet.pipelines.recipe;

import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import java.util.Map;
import java.util.Optional;

/**
 * What a teacher can give to methods.
 *
 * @param key kind of the network or program
 * @param embedding width of its embeddings
 * @param taps shapes of its taps without batch axis
 * @param promptable whether it takes prompts
 * @param frozen whether it is a finished program
 */
record TeacherOffer(
    String key, int embedding, Map<String, Shape> taps, boolean promptable, boolean frozen) {

  /** What this teacher offers; nothing where the recipe does not say what it is. */
  static Optional<TeacherOffer> of(TeacherRecipe teacher) {
    return teacher
        .frozen()
        .map(
            frozen ->
                new TeacherOffer(
                    teacher.onnx().isPresent() ? "onnx" : "torchscript",
                    frozen.embedding(),
                    Map.of(),
                    false,
                    true))
        .or(
            () ->
                teacher
                    .backbone()
                    .map(
                        backbone -> {
                          Network network = MethodChecks.network(backbone);
                          return new TeacherOffer(
                              backbone.key(),
                              network.embeddingSize(),
                              network.taps(),
                              network instanceof PromptableNetwork,
                              false);
                        }));
  }
}
