package io.facet.pipelines.recipe;

import io.facet.models.option.BindingFault;
import io.facet.models.option.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code teachers} section: names, origin, and who teaches whom. */
final class TeacherChecks {
  private final Recipe recipe;
  private final List<BindingFault> faults = new ArrayList<>();

  private TeacherChecks(Recipe recipe) {
    this.recipe = recipe;
  }

  static List<BindingFault> check(Recipe recipe) {
    TeacherChecks checks = new TeacherChecks(recipe);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < recipe.teachers().size(); i++) {
      TeacherRecipe teacher = recipe.teachers().get(i);
      String pointer = "/teachers/" + i;
      RecipeChecks.checkName(pointer + "/name", teacher.name(), checks.faults);
      if (!seen.add(teacher.name())) {
        checks.fault(pointer + "/name", "two teachers have the name '" + teacher.name() + "'");
      }
      checks.origin(pointer, teacher);
    }
    return checks.faults;
  }

  private void origin(String pointer, TeacherRecipe teacher) {
    long origins =
        Stream.of(teacher.weights(), teacher.onnx(), teacher.torchscript(), teacher.training())
            .filter(Optional::isPresent)
            .count();
    if (origins != 1) {
      fault(
          pointer,
          origins == 0
              ? "give weights, onnx, torchscript (import) or training"
              : "give one of weights, onnx, torchscript and training; a warm start is training.initial");
      return;
    }
    if (teacher.frozen().isPresent()) {
      frozen(pointer, teacher);
      return;
    }
    if (teacher.backbone().isEmpty()) {
      fault(pointer, "missing key 'backbone' (its network)");
      return;
    }
    teacher.weights().ifPresent(w -> RecipeChecks.checkWeights(pointer + "/weights", w, faults));
    teacher.training().ifPresent(training -> training(pointer + "/training", teacher, training));
  }

  private void frozen(String pointer, TeacherRecipe teacher) {
    String key = teacher.onnx().isPresent() ? "onnx" : "torchscript";
    RecipeChecks.checkWeights(pointer + "/" + key, teacher.frozen().orElseThrow().file(), faults);
    if (teacher.backbone().isPresent()) {
      fault(
          pointer + "/backbone",
          "%s is a finished program: remove backbone, or import its weights".formatted(key));
    }
  }

  private void training(
      String pointer, TeacherRecipe teacher, TeacherRecipe.TeacherTraining training) {
    training.initial().ifPresent(w -> RecipeChecks.checkWeights(pointer + "/initial", w, faults));
    Optional<TeacherRecipe> from = Optional.empty();
    if (training.from().isPresent()) {
      from = known(pointer + "/from", training.from().get());
      if (from.isPresent() && circle(teacher, pointer)) {
        return;
      }
    }
    faults.addAll(
        new MethodChecks(recipe, false)
            .check(pointer + "/method", training.method(), teacher.network(), from, "from"));
  }

  private Optional<TeacherRecipe> known(String pointer, String name) {
    Optional<TeacherRecipe> found = recipe.teacher(name);
    if (found.isEmpty()) {
      fault(pointer, unknown(recipe, name));
    }
    return found;
  }

  static String unknown(Recipe recipe, String name) {
    List<String> names = recipe.teachers().stream().map(TeacherRecipe::name).toList();
    return "no teacher has the name '%s'%s; teachers: %s"
        .formatted(
            name,
            Spelling.didYouMean(name, names),
            names.isEmpty() ? "none" : String.join(", ", names));
  }

  private boolean circle(TeacherRecipe start, String pointer) {
    Set<String> path = new LinkedHashSet<>();
    Optional<TeacherRecipe> at = Optional.of(start);
    while (at.isPresent()) {
      if (!path.add(at.get().name())) {
        fault(
            pointer + "/from",
            "teachers learn from each other in a circle: %s, %s"
                .formatted(String.join(", ", path), at.get().name()));
        return true;
      }
      at =
          at.get().training().flatMap(TeacherRecipe.TeacherTraining::from).flatMap(recipe::teacher);
    }
    return false;
  }

  private void fault(String pointer, String message) {
    faults.add(new BindingFault(pointer, message));
  }
}
