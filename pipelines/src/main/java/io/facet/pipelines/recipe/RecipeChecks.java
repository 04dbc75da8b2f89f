package io.facet.pipelines.recipe;

import io.facet.models.device.DeviceChoice;
import io.facet.models.option.BindingFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Combinations that no single option shows to be wrong. Nothing is read or computed. */
final class RecipeChecks {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final Set<String> SPLITS = Set.of("train", "validation");

  private final Recipe recipe;
  private final List<BindingFault> faults = new ArrayList<>();

  private RecipeChecks(Recipe recipe) {
    this.recipe = recipe;
  }

  static List<BindingFault> check(Recipe recipe) {
    RecipeChecks checks = new RecipeChecks(recipe);
    checks.names();
    checks.data();
    checks.publish();
    checks.faults.addAll(TeacherChecks.check(recipe));
    checks.faults.addAll(DistillChecks.check(recipe));
    return checks.faults;
  }

  private void names() {
    name("/name", recipe.name());
    if (!DeviceChoice.NAMES.matcher(recipe.device()).matches()) {
      fault(
          "/device",
          "must be auto, cpu, cuda or cuda:N (cuda:0 is the first GPU), is '%s'"
              .formatted(recipe.device()));
    }
  }

  private void data() {
    boolean trains =
        recipe.teachers().stream().anyMatch(t -> t.training().isPresent())
            || !recipe.distill().methods().isEmpty();
    if (trains && recipe.data().train().isEmpty()) {
      fault("/data", "missing key 'train': training needs at least one source of faces");
    }
    List<DataRecipe.VerificationRecipe> sets = recipe.data().verification();
    if (sets.isEmpty()) {
      fault("/data/verification", "is empty: name at least one verification set to measure on");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < sets.size(); i++) {
      String pointer = "/data/verification/" + i + "/name";
      String set = sets.get(i).name();
      name(pointer, set);
      if (SPLITS.contains(set)) {
        fault(pointer, "'%s' is the name of a part of the training data".formatted(set));
      }
      if (!seen.add(set)) {
        fault(pointer, "two verification sets have the name '%s'".formatted(set));
      }
    }
  }

  private void publish() {
    if (recipe.publish().enabled()
        && recipe.data().validation().heldOut() == 0
        && recipe.data().validation().source().isEmpty()
        && recipe.distill().methods().size() * recipe.distill().seeds().size() > 1) {
      fault(
          "/publish/enabled",
          "several students cannot be ranked: data.validation.share is 0; raise it, name a data.validation.source, or set publish.enabled: false");
    }
    faults.addAll(GateChecks.check(recipe));
  }

  private void name(String pointer, String name) {
    checkName(pointer, name, faults);
  }

  /** Names become parts of file names and of MLflow keys. */
  static void checkName(String pointer, String name, List<BindingFault> faults) {
    if (!name.matches(NAME)) {
      faults.add(
          new BindingFault(
              pointer,
              "must start with a letter or digit, then letters, digits, '.', '_', '-', is '%s'"
                  .formatted(name)));
    }
  }

  /** A weights file of the recipe. */
  static void checkWeights(String pointer, WeightsRecipe weights, List<BindingFault> faults) {
    weights
        .sha256()
        .filter(digest -> !digest.matches("[0-9a-fA-F]{64}"))
        .ifPresent(
            digest ->
                faults.add(
                    new BindingFault(
                        pointer + "/sha256",
                        "must be 64 hexadecimal digits, has %d characters"
                            .formatted(digest.length()))));
    boolean shipped = ShippedWeights.names(weights.path());
    if ((shipped || weights.path().matches("https?://.*")) && weights.sha256().isEmpty()) {
      faults.add(
          new BindingFault(
              pointer,
              "missing key 'sha256': %s used only with its digest"
                  .formatted(shipped ? "a shipped file is" : "a download is")));
    }
    ShippedWeights.fault(weights.path())
        .ifPresent(message -> faults.add(new BindingFault(pointer + "/path", message)));
    for (List<Double> channels :
        List.of(weights.input().mean(), weights.input().standardDeviation())) {
      if (channels.size() != 3) {
        faults.add(
            new BindingFault(pointer + "/input", "mean and standardDeviation need three numbers"));
      }
    }
  }

  private void fault(String pointer, String message) {
    faults.add(new BindingFault(pointer, message));
  }
}
