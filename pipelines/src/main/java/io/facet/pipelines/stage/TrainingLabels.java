package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SplitRow;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who is seen in the training faces, as far as their sources say: whether that is enough. */
final class TrainingLabels {
  private final Set<String> identities = new HashSet<>();
  private long images;
  private boolean packed;

  /** Takes in what a training source offers. */
  void add(SourceSpec spec, SourceListing listing) {
    images += listing.images();
    packed |= listing.isPacked();
    listing.identities().stream()
        .filter(identity -> spec.splitOf(identity).equals(SampleRow.TRAIN))
        .forEach(identities::add);
  }

  /**
   * Refuses trainings that need identities where fewer than two are known. Packed files do not tell
   * before they are read, see {@link #check(Recipe, SplitRow)}.
   *
   * @throws DataException naming the method and the cure
   */
  void check(Recipe recipe) {
    if (!packed) {
      check(recipe, new SplitRow(SampleRow.TRAIN, images, identities.size()));
    }
  }

  /**
   * The same of training images that were read.
   *
   * @throws DataException naming the method and the cure
   */
  static void check(Recipe recipe, SplitRow training) {
    if (training.identities() >= 2) {
      return;
    }
    for (TeacherRecipe teacher : recipe.teachers()) {
      teacher
          .training()
          .ifPresent(
              own -> require("teachers: '%s'".formatted(teacher.name()), own.method(), training));
    }
    if (recipe.prompt().mode() == PromptMode.STAGED) {
      require("prompt.method", recipe.prompt().method(), training);
    }
    List<Selected<DistillationMethod<?>>> methods = recipe.distill().methods();
    for (int i = 0; i < methods.size(); i++) {
      require(
          "distill.methods: '%s'".formatted(recipe.distill().methodNames().get(i)),
          methods.get(i),
          training);
    }
  }

  private static void require(
      String what, Selected<DistillationMethod<?>> selected, SplitRow training) {
    ChosenMethod method = ChosenMethod.of(selected);
    if (!method.readsLabels() && method.identityWeight() == 0) {
      return;
    }
    throw new DataException(
        "%s %s, but of the %d training images only %d identities are known; %sadd labelled faces to data.train"
            .formatted(
                what,
                method.readsLabels()
                    ? method.key() + " reads labels"
                    : "has an identity term (identityWeight %s)".formatted(method.identityWeight()),
                training.samples(),
                training.identities(),
                method.readsLabels()
                    ? "choose a method without labels, or "
                    : "set identityWeight: 0, or "));
  }
}
