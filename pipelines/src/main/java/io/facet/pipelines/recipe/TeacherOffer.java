package io.facet.pipelines.recipe;

import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a teacher can give to methods.
 *
 * @param key kind of the network or program
 * @param embedding width of its embeddings
 * @param taps shapes of its taps without batch axis
 * @param promptDepths the depths it takes prompts at; empty: it takes none
 * @param frozen whether it is a finished program
 */
record TeacherOffer(
    String key,
    int embedding,
    Map<String, Shape> taps,
    Set<PromptDepth> promptDepths,
    boolean frozen) {

  boolean promptable() {
    return !promptDepths.isEmpty();
  }

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
                    Set.of(),
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
                              network instanceof PromptableNetwork promptable
                                  ? promptable.promptDepths()
                                  : Set.of(),
                              false);
                        }));
  }
}
