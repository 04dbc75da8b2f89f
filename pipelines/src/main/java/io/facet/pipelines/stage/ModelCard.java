package io.facet.pipelines.stage;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.recipe.Recipe;
import java.util.Map;
import java.util.TreeMap;

/** The Markdown page that travels with a published student. */
final class ModelCard {
  private ModelCard() {}

  static String of(Recipe recipe, Artifact student, String model) {
    StringBuilder card = new StringBuilder();
    card.append("# ").append(model).append(" of ").append(recipe.name()).append("\n\n");
    card.append("- network: ").append(recipe.distill().student().key()).append(' ');
    card.append(recipe.distill().student().json()).append('\n');
    Map<String, String> notes = new TreeMap<>(student.manifest().notes());
    card.append("- method: ").append(notes.getOrDefault("method", "")).append('\n');
    String source = notes.getOrDefault("source", "");
    if (!source.isEmpty()) {
      card.append("- source of the method: ").append(source).append('\n');
    }
    String teacher = notes.getOrDefault("teacher", "");
    card.append("- teacher: ").append(teacher.isEmpty() ? "none" : teacher).append('\n');
    card.append("- seed: ").append(notes.getOrDefault("seed", "")).append('\n');
    card.append("- artifact: ").append(student.manifest().fingerprint()).append('\n');
    card.append("- input: ")
        .append(Trainings.preprocessing(recipe, recipe.distill().initial()))
        .append("\n\n");
    card.append("Figures at the end of training:\n\n");
    new TreeMap<>(student.manifest().metrics())
        .forEach(
            (name, value) ->
                card.append("- ").append(name).append(": ").append(value).append('\n'));
    return card.toString();
  }
}
