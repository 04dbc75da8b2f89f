package io.facet.pipelines.cli;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.option.BindingException;
import io.facet.models.option.Extensions;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Methods by what they read of the teacher, with their default options. */
final class MethodGroups {
  private static final String NONE = "have no teacher";
  private static final String EMBEDDINGS = "read the teacher's embeddings";
  private static final String CLASSIFIER = "read the teacher's class weights";
  private static final String MAPS = "read the teacher's feature maps or tokens";
  private static final String OTHERS = "are made of others";

  private MethodGroups() {}

  /** All methods, by a text that ends "methods that ...". */
  static Map<String, List<DistillationMethod<?>>> all() {
    Map<String, List<DistillationMethod<?>>> groups = new LinkedHashMap<>();
    for (String group : List.of(NONE, EMBEDDINGS, CLASSIFIER, MAPS, OTHERS)) {
      groups.put(group, new ArrayList<>());
    }
    for (DistillationMethod<?> method : Extensions.all(DistillationMethod.class).values()) {
      groups.get(group(method)).add(method);
    }
    return groups;
  }

  /** What else it reads, and whether it is reconstructed, in brackets. */
  static String notes(DistillationMethod<?> method) {
    List<String> notes = new ArrayList<>();
    withDefaults(method)
        .map(ChosenMethod::of)
        .filter(ChosenMethod::readsLabels)
        .ifPresent(chosen -> notes.add("reads labels"));
    if (method.source().startsWith("reconstructed")) {
      notes.add("reconstructed");
    }
    return notes.isEmpty() ? "" : " [" + String.join(", ", notes) + "]";
  }

  private static String group(DistillationMethod<?> method) {
    Optional<Selected<DistillationMethod<?>>> chosen = withDefaults(method);
    if (chosen.isEmpty()) {
      return OTHERS;
    }
    MethodNeeds needs = ChosenMethod.of(chosen.get()).needs();
    if (needs.teacher() == MethodNeeds.Teacher.NONE) {
      return NONE;
    }
    if (needs.has(Need.TEACHER_CLASSIFIER)) {
      return CLASSIFIER;
    }
    return needs.teacherTaps().isEmpty() ? EMBEDDINGS : MAPS;
  }

  /** Empty if it has options without a default, such as the methods it is made of. */
  private static Optional<Selected<DistillationMethod<?>>> withDefaults(
      DistillationMethod<?> method) {
    try {
      return Optional.of(RecordBinder.select(DistillationMethod.class, method.key()));
    } catch (BindingException e) {
      return Optional.empty();
    }
  }
}
