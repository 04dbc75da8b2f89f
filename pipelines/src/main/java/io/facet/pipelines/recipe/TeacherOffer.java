package io.facet.pipelines.recipe;

import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import java.util.Optional;
import java.util.Set;

/**
 * What a teacher can give to methods.
 *
 * @param key kind of the network or program
 * @param embedding width of its embeddings
 * @param taps its taps
 * @param promptable whether it takes prompts
 * @param frozen whether it is a finished program
 */
record TeacherOffer(
    String key, int embedding, Set<String> taps, boolean promptable, boolean frozen) {

  /** What this teacher offers; nothing where the recipe does not say what it is. */
  static Optional<TeacherOffer> of(TeacherRecipe teacher) {
    return teacher
        .frozen()
        .map(
            frozen ->
                new TeacherOffer(
                    teacher.onnx().isPresent() ? "onnx" : "torchscript",
                    frozen.embedding(),
                    Set.of(),
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
                              network.taps().keySet(),
                              network instanceof PromptableNetwork,
                              false);
                        }));
  }
}
