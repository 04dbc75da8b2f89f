package io.facet.pipelines.stage;

import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.pipelines.recipe.ChosenTeachers;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What in a recipe cannot go on without the class weights of a teacher. */
final class ClassifierReaders {
  private final String teacher;
  private final List<String> readers = new ArrayList<>();

  private ClassifierReaders(String teacher) {
    this.teacher = teacher;
  }

  /** The first reader, as messages name it; empty if the class weights are not needed. */
  static Optional<String> first(Recipe recipe, String teacher) {
    return new ClassifierReaders(teacher).of(recipe).stream().findFirst();
  }

  private List<String> of(Recipe recipe) {
    for (TeacherRecipe other : recipe.teachers()) {
      other
          .training()
          .ifPresent(
              training -> {
                add(training.method(), training.from());
                if (training.classifier().filter(c -> c.from().equals(teacher)).isPresent()) {
                  readers.add("teacher '%s' (training.classifier)".formatted(other.name()));
                }
              });
    }
    Optional<String> own = recipe.distill().teacher();
    recipe.distill().methods().forEach(method -> add(method, own));
    if (recipe.prompt().mode() == PromptMode.STAGED) {
      add(recipe.prompt().method(), own);
    }
    return readers;
  }

  private void add(Selected<DistillationMethod<?>> method, Optional<String> own) {
    MethodNeeds needs = ChosenTeachers.of(method, own).get(teacher);
    if (needs != null && needs.has(Need.TEACHER_CLASSIFIER)) {
      readers.add(method.key());
    }
  }
}
