package io.facet.pipelines.recipe;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.option.Selected;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Whom a method of a recipe learns from. */
public final class ChosenTeachers {
  private ChosenTeachers() {}

  /**
   * What a method needs of each of its teachers, by name: the one beside the method first, if it is
   * needed, then those that its options name.
   *
   * @param teacher the one beside the method
   * @throws IllegalArgumentException if a teacher would be a constant for one part and have its
   *     prompts trained by another
   */
  public static Map<String, MethodNeeds> of(
      Selected<DistillationMethod<?>> method, Optional<String> teacher) {
    ChosenMethod chosen = ChosenMethod.of(method);
    Map<String, MethodNeeds> all = new LinkedHashMap<>();
    teacher
        .filter(name -> chosen.needs().teacher() != MethodNeeds.Teacher.NONE)
        .ifPresent(name -> all.put(name, chosen.needs()));
    chosen.namedTeachers().forEach((name, needs) -> all.merge(name, needs, MethodNeeds::and));
    return all;
  }
}
