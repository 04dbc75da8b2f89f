package io.facet.pipelines.stage;

import io.facet.models.option.Selected;
import io.facet.pipelines.recipe.DataRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The sources of a recipe with their paths resolved. */
public final class SourceSpecs {
  private SourceSpecs() {}

  /**
   * Training sources first; labels {@code train.0} ..., {@code validation}, and the names of
   * verification sets.
   */
  public static List<SourceSpec> of(Recipe recipe) {
    DataRecipe data = recipe.data();
    List<SourceSpec> specs = new ArrayList<>();
    for (Selected<FaceSource<?>> source : data.train()) {
      specs.add(
          SourceSpec.training(
              "train." + specs.size(), source, data.validation().heldOut(), recipe.seed()));
    }
    data.validation().source().map(SourceSpec::validation).ifPresent(specs::add);
    for (DataRecipe.VerificationRecipe set : data.verification()) {
      specs.add(SourceSpec.verification(set.name(), set.source()));
    }
    String root = data.rootPlace();
    return specs.stream().map(spec -> spec.relativeTo(root)).toList();
  }

  /** Splits of what is not learnt from: pairs to validate on and verification sets. */
  static Set<String> evaluated(Recipe recipe) {
    return of(recipe).stream()
        .filter(spec -> !spec.isTraining())
        .map(SourceSpec::split)
        .collect(Collectors.toSet());
  }
}
