package io.facet.pipelines.card;

import io.facet.pipelines.recipe.DataRecipe;
import io.facet.pipelines.recipe.DistillRecipe;
import java.util.ArrayList;
import java.util.List;

/** What a published student is for, and what its figures do not say. */
final class CardLimits {
  private static final String DRAWN = "synthetic";

  private CardLimits() {}

  static List<String> intended() {
    return List.of(
        "Comparing two aligned faces (1:1 verification) and research on distillation.",
        "Not for decisions about people that nobody checks, and not for finding people without"
            + " their knowledge.");
  }

  static List<String> of(Published student) {
    List<String> limits = new ArrayList<>();
    DataRecipe data = student.recipe().data();
    DistillRecipe distill = student.recipe().distill();
    if (!data.train().isEmpty()
        && data.train().stream().allMatch(source -> source.key().equals(DRAWN))) {
      limits.add("It has been trained on drawn faces alone: of no use on photographs.");
    }
    if (student.evaluation().isEmpty()) {
      limits.add("It was not measured: its evaluation failed.");
    }
    int students = distill.methodNames().size() * distill.seeds().size();
    if (students > 1) {
      limits.add(
          "It is the best of %d students by accuracy on validation pairs; no verification set"
                  .formatted(students)
              + " decided that.");
    }
    if (distill.seeds().size() == 1) {
      limits.add("One seed: no interval covers what other seeds would give.");
    }
    limits.add(
        "The figures hold for the verification sets named here. Faces of other cameras, ages or"
            + " origins may give others: measure on your own (facet evaluate).");
    limits.add(
        "It does not tell a living face from a picture of one, and differences between groups of"
            + " people were not measured unless a set above is one of them.");
    limits.add(
        "Input is aligned to the template '%s' and scaled as the contract says. Another alignment"
                .formatted(student.model().preprocessing().template())
            + " or scale costs accuracy without any error.");
    return limits;
  }
}
