package io.facet.pipelines.recipe;

import java.util.Optional;
import java.util.Set;

/** Whether a teacher was trained near the embeddings of a smaller network, as ReFO wants it. */
final class ProxyChecks {
  /** Methods that draw a teacher's embeddings to those of its proxy. */
  private static final Set<String> EMBEDDING_TERMS = Set.of("feature-consistency", "l2");

  private ProxyChecks() {}

  /** What is wrong with the teacher and how to mend it; nothing if it fits. */
  static Optional<String> fault(Recipe recipe, String method, TeacherRecipe teacher) {
    Optional<String> proxy =
        teacher
            .training()
            .filter(training -> EMBEDDING_TERMS.contains(training.method().key()))
            .flatMap(TeacherRecipe.TeacherTraining::from);
    if (proxy.isEmpty()) {
      return Optional.of(
          "%s learns from a teacher that was trained near a small proxy, teacher '%s' was not: give it training: {from: NAME, method: {feature-consistency: {}}}, where NAME is a smaller teacher, or use feature-consistency, the same loss with any teacher"
              .formatted(method, teacher.name()));
    }
    return recipe
        .teacher(proxy.get())
        .filter(small -> small.backbone().isPresent() && teacher.backbone().isPresent())
        .filter(small -> parameters(small) >= parameters(teacher))
        .map(
            large ->
                "%s wants a proxy that is smaller than its teacher, but '%s' has %d parameters and '%s' %d: give the proxy fewer blocks or less width"
                    .formatted(
                        method,
                        large.name(),
                        parameters(large),
                        teacher.name(),
                        parameters(teacher)));
  }

  private static long parameters(TeacherRecipe teacher) {
    return MethodChecks.network(teacher.network()).parameterCount();
  }
}
