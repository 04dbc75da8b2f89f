package io.facet.pipelines.recipe;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.option.BindingFault;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code distill} and {@code prompt} sections. */
final class DistillChecks {
  private final Recipe recipe;
  private final List<BindingFault> faults = new ArrayList<>();

  private DistillChecks(Recipe recipe) {
    this.recipe = recipe;
  }

  static List<BindingFault> check(Recipe recipe) {
    DistillChecks checks = new DistillChecks(recipe);
    checks.lists();
    Optional<TeacherRecipe> teacher = checks.teacher();
    checks.prompt(teacher);
    checks.recompute();
    checks.methods(teacher);
    return checks.faults;
  }

  private void lists() {
    DistillRecipe distill = recipe.distill();
    if (distill.methods().isEmpty()) {
      fault("/distill/methods", "is empty: name at least one method");
    }
    if (distill.seeds().isEmpty()) {
      fault("/distill/seeds", "is empty: give at least one seed");
    }
    if (new HashSet<>(distill.seeds()).size() < distill.seeds().size()) {
      fault("/distill/seeds", "a seed stands twice: " + distill.seeds());
    }
    Set<String> choices = new HashSet<>();
    for (int i = 0; i < distill.methods().size(); i++) {
      if (!choices.add(distill.methods().get(i).identity())) {
        fault(
            "/distill/methods/" + i,
            "method '%s' stands twice with equal options"
                .formatted(distill.methods().get(i).key()));
      }
    }
    List<String> names = distill.methodNames();
    recipe
        .evaluate()
        .baseline()
        .filter(name -> !names.contains(name) && recipe.teacher(name).isEmpty())
        .ifPresent(
            name ->
                fault(
                    "/evaluate/baseline",
                    "'%s' is neither a method nor a teacher of this recipe; methods: %s"
                        .formatted(name, names.stream().sorted().toList())));
    distill.initial().ifPresent(w -> RecipeChecks.checkWeights("/distill/initial", w, faults));
  }

  private Optional<TeacherRecipe> teacher() {
    Optional<String> name = recipe.distill().teacher();
    Optional<TeacherRecipe> found = name.flatMap(recipe::teacher);
    if (name.isPresent() && found.isEmpty()) {
      fault("/distill/teacher", TeacherChecks.unknown(recipe, name.get()));
    }
    return found;
  }

  private void prompt(Optional<TeacherRecipe> teacher) {
    PromptMode mode = recipe.prompt().mode();
    if (mode == PromptMode.NONE || (teacher.isEmpty() && recipe.distill().teacher().isPresent())) {
      return;
    }
    if (teacher.isEmpty()) {
      fault("/prompt/mode", "there is no teacher to prompt: name it by distill.teacher");
      return;
    }
    if (!ChosenMethod.of(recipe.prompt().method()).namedTeachers().isEmpty()) {
      fault(
          "/prompt/method",
          "tunes prompts of distill.teacher alone: remove the teachers that its methods name");
    }
    Optional<TeacherOffer> offer = TeacherOffer.of(teacher.get());
    if (offer.isPresent() && !offer.get().promptable()) {
      fault(
          "/prompt/mode",
          "teacher '%s' (%s) takes no prompts: choose a transformer such as vit or swin, or mode none"
              .formatted(teacher.get().name(), offer.get().key()));
    } else if (offer.isPresent() && !offer.get().promptDepths().contains(recipe.prompt().depth())) {
      fault(
          "/prompt/depth",
          "teacher '%s' (%s) drops prompts where its grid is merged and takes them deep only: set depth: deep, or choose a vit"
              .formatted(teacher.get().name(), offer.get().key()));
    }
  }

  /** It serves the student, or the teacher of a method that trains prompts with it. */
  private void recompute() {
    DistillRecipe distill = recipe.distill();
    boolean promptsLearn =
        distill.methods().stream()
            .map(ChosenMethod::of)
            .flatMap(m -> Stream.concat(Stream.of(m.needs()), m.namedTeachers().values().stream()))
            .anyMatch(needs -> needs.teacher() == MethodNeeds.Teacher.PROMPTED);
    if (MethodChecks.recomputesInVain(distill.options(), distill.student()) && !promptsLearn) {
      fault(
          "/distill/recompute",
          "blocks is for transformers, the student is %s and no method trains a teacher's prompts: remove it, or choose a vit or swin"
              .formatted(distill.student().key()));
    }
  }

  private void methods(Optional<TeacherRecipe> teacher) {
    if (teacher.isEmpty() && recipe.distill().teacher().isPresent()) {
      return; // already reported
    }
    List<Selected<DistillationMethod<?>>> methods = recipe.distill().methods();
    for (int i = 0; i < methods.size(); i++) {
      faults.addAll(
          new MethodChecks(recipe, recipe.distill().options(), true)
              .check(
                  "/distill/methods/" + i,
                  methods.get(i),
                  recipe.distill().student(),
                  teacher,
                  "distill.teacher"));
    }
  }

  private void fault(String pointer, String message) {
    faults.add(new BindingFault(pointer, message));
  }
}
