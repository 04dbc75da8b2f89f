package io.facet.pipelines.stage;

import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What in a recipe cannot go on without the class weights of a teacher. */
final class ClassifierReaders {
  private ClassifierReaders() {}

  /** The first reader, as messages name it; empty if the class weights are not needed. */
  static Optional<String> first(Recipe recipe, String teacher) {
    List<String> readers = new ArrayList<>();
    for (TeacherRecipe other : recipe.teachers()) {
      other
          .training()
          .ifPresent(
              training -> {
                if (training.from().filter(teacher::equals).isPresent()) {
                  addIfReads(training.method(), readers);
                }
                if (training.classifier().filter(c -> c.from().equals(teacher)).isPresent()) {
                  readers.add("teacher '%s' (training.classifier)".formatted(other.name()));
                }
              });
    }
    if (recipe.distill().teacher().filter(teacher::equals).isPresent()) {
      recipe.distill().methods().forEach(method -> addIfReads(method, readers));
      if (recipe.prompt().mode() == PromptMode.STAGED) {
        addIfReads(recipe.prompt().method(), readers);
      }
    }
    return readers.stream().findFirst();
  }

  private static void addIfReads(Selected<DistillationMethod<?>> method, List<String> readers) {
    if (TeacherNeeds.needs(method).teacherClassifier()) {
      readers.add(method.key());
    }
  }
}
