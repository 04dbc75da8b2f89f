package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who is seen in the training faces, as far as their sources say: whether that is enough. */
final class TrainingLabels {
  private final Set<String> identities = new HashSet<>();
  private long images;

  /** Takes in what a training source offers. */
  void add(SourceSpec spec, SourceListing listing) {
    images += listing.samples().size();
    listing.identities().stream()
        .filter(identity -> spec.splitOf(identity).equals(SampleRow.TRAIN))
        .forEach(identities::add);
  }

  /**
   * Refuses trainings that need identities where fewer than two are known.
   *
   * @throws DataException naming the method and the cure
   */
  void check(Recipe recipe) {
    if (identities.size() >= 2) {
      return;
    }
    for (TeacherRecipe teacher : recipe.teachers()) {
      teacher
          .training()
          .ifPresent(
              training -> require("teachers: '%s'".formatted(teacher.name()), training.method()));
    }
    if (recipe.prompt().mode() == PromptMode.STAGED) {
      require("prompt.method", recipe.prompt().method());
    }
    List<Selected<DistillationMethod<?>>> methods = recipe.distill().methods();
    for (int i = 0; i < methods.size(); i++) {
      require(
          "distill.methods: '%s'".formatted(recipe.distill().methodNames().get(i)), methods.get(i));
    }
  }

  private void require(String training, Selected<DistillationMethod<?>> selected) {
    ChosenMethod method = ChosenMethod.of(selected);
    if (!method.readsLabels() && method.identityWeight() == 0) {
      return;
    }
    throw new DataException(
        "%s %s, but of the %d training images only %d identities are known; %sadd labelled faces to data.train"
            .formatted(
                training,
                method.readsLabels()
                    ? method.key() + " reads labels"
                    : "has an identity term (identityWeight %s)".formatted(method.identityWeight()),
                images,
                identities.size(),
                method.readsLabels()
                    ? "choose a method without labels, or "
                    : "set identityWeight: 0, or "));
  }
}
