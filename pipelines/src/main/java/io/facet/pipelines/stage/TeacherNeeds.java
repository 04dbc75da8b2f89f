package io.facet.pipelines.stage;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.models.train.prompt.PromptOptions;
import io.facet.models.train.teacher.FeatureType;
import io.facet.pipelines.recipe.ChosenTeachers;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherCache;
import io.facet.pipelines.recipe.TeacherRecipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What all methods of a recipe together want of one teacher beside its weights.
 *
 * @param teacher its name
 * @param mode how it is prompted
 * @param constant whether some method takes it as a constant, so that its outputs may be cached
 * @param cache the recipe's choice of that
 * @param type how they are kept
 * @param taps outputs to cache beside the embedding, in order
 * @param saliency whether its saliency map is wanted
 */
record TeacherNeeds(
    String teacher,
    PromptMode mode,
    boolean constant,
    TeacherCache cache,
    FeatureType type,
    List<String> taps,
    boolean saliency) {

  /** Whether its outputs are cached, if they are not too many. */
  boolean cached() {
    return constant && cache != TeacherCache.NEVER;
  }

  /** The teachers that teach, in the order of the recipe. */
  static List<TeacherNeeds> of(Recipe recipe) {
    Map<String, List<MethodNeeds>> wanted = new LinkedHashMap<>();
    for (TeacherRecipe teacher : recipe.teachers()) {
      wanted.put(teacher.name(), new ArrayList<>());
    }
    for (TeacherRecipe teacher : recipe.teachers()) {
      teacher.training().ifPresent(t -> add(wanted, t.method(), t.from()));
    }
    recipe.distill().methods().forEach(m -> add(wanted, m, recipe.distill().teacher()));
    List<TeacherNeeds> all = new ArrayList<>();
    wanted.forEach(
        (name, needs) -> {
          if (!needs.isEmpty()) {
            all.add(join(recipe, name, needs));
          }
        });
    return all;
  }

  private static void add(
      Map<String, List<MethodNeeds>> wanted,
      Selected<DistillationMethod<?>> method,
      Optional<String> teacher) {
    ChosenTeachers.of(method, teacher).forEach((name, needs) -> wanted.get(name).add(needs));
  }

  private static TeacherNeeds join(Recipe recipe, String name, List<MethodNeeds> needs) {
    boolean prompted = recipe.distill().teacher().filter(name::equals).isPresent();
    PromptOptions options = recipe.prompt();
    PromptMode mode = prompted ? options.mode() : PromptMode.NONE;
    TreeSet<String> taps = new TreeSet<>();
    boolean constant = false;
    boolean saliency =
        mode == PromptMode.STAGED && ChosenMethod.of(options.method()).needs().has(Need.SALIENCY);
    for (MethodNeeds need : needs) {
      saliency |= need.has(Need.SALIENCY);
      if (need.teacher() == MethodNeeds.Teacher.CONSTANT) {
        constant = true;
        taps.addAll(need.teacherTaps());
      }
    }
    TeacherRecipe teacher = recipe.teacher(name).orElseThrow();
    return new TeacherNeeds(
        name, mode, constant, teacher.cache(), teacher.cacheType(), List.copyOf(taps), saliency);
  }
}
