package io.facet.pipelines.recipe;

import io.facet.models.option.BindingFault;
import java.util.ArrayList;
import java.util.List;

/** The gate's figures must be ones that are measured. */
final class GateChecks {
  private static final String FIGURE =
      "accuracy|area-under-curve|equal-error-rate|tar-at-far-\\d(\\.\\d+)?e-\\d+";
  private static final String KNOWN =
      "accuracy, area-under-curve, equal-error-rate, tar-at-far-RATE such as tar-at-far-1e-03";
  private static final String POINTER = "/publish/gate/";

  private GateChecks() {}

  static List<BindingFault> check(Recipe recipe) {
    List<BindingFault> faults = new ArrayList<>();
    GateRecipe gate = recipe.publish().gate();
    recipe
        .publish()
        .model()
        .ifPresent(model -> RecipeChecks.checkName("/publish/model", model, faults));
    List<String> sets = recipe.data().pairSets();
    for (int i = 0; i < gate.guarded().size(); i++) {
      String figure = gate.guarded().get(i);
      if (!figure.matches(FIGURE)) {
        faults.add(
            new BindingFault(
                POINTER + "guarded/" + i,
                "unknown figure '%s'; known: %s".formatted(figure, KNOWN)));
      }
    }
    gate.main()
        .filter(main -> !known(main, sets))
        .ifPresent(
            main ->
                faults.add(
                    new BindingFault(
                        POINTER + "main",
                        "must be SET/FIGURE with a set of %s and a figure of %s, is '%s'"
                            .formatted(sets, KNOWN, main))));
    for (int i = 0; i < recipe.teachers().size(); i++) {
      if (recipe.teachers().get(i).name().equals("champion")) {
        faults.add(
            new BindingFault(
                "/teachers/" + i + "/name", "'champion' is the name of the registered model"));
      }
    }
    return faults;
  }

  private static boolean known(String main, List<String> sets) {
    int slash = main.lastIndexOf('/');
    return slash > 0
        && sets.contains(main.substring(0, slash))
        && main.substring(slash + 1).matches(FIGURE);
  }
}
