package io.facet.pipelines.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.RecipeException;
import io.facet.models.option.BindingException;
import io.facet.models.option.BindingFault;
import io.facet.models.option.RecordBinder;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recipe read from YAML, with overrides applied, checked and resolved.
 *
 * @param source the file's name as the user wrote it
 * @param text the file as it stands
 * @param settings the {@code --set} texts, in order
 * @param recipe the resolved recipe
 */
public record RecipeFile(String source, String text, List<String> settings, Recipe recipe) {
  private static final int SHOWN_FAULTS = 10;

  /**
   * Reads and checks a recipe.
   *
   * @param settings overrides such as {@code distill.epochs=2}, {@code teachers.0.name=x}
   * @throws RecipeException with one line {@code file:line: message} for each of the first ten
   *     faults
   */
  public static RecipeFile read(Path file, List<String> settings) {
    try {
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8), settings);
    } catch (NoSuchFileException e) {
      throw new RecipeException(file + ": no such file", e);
    } catch (MalformedInputException e) {
      throw new RecipeException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new RecipeException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** As {@link #read}, from text at hand. */
  public static RecipeFile parse(String source, String text, List<String> settings) {
    YamlTree tree = YamlTree.parse(source, text);
    if (!(tree.root() instanceof ObjectNode root)) {
      throw new RecipeException(source + ":1: a recipe is a mapping that starts with 'name: ...'");
    }
    List<Setting> parsed = settings.stream().map(Setting::parse).toList();
    parsed.forEach(setting -> setting.apply(root));
    SourceLines lines = new SourceLines(source, tree.lines(), parsed);
    Recipe recipe = bind(root, lines);
    List<BindingFault> faults = RecipeChecks.check(recipe);
    if (!faults.isEmpty()) {
      throw refused(faults, lines);
    }
    return new RecipeFile(source, text, List.copyOf(settings), recipe);
  }

  /** The resolved recipe as canonical JSON: equal recipes give equal text. */
  public String json() {
    return RecordBinder.toJson(recipe);
  }

  /** The resolved recipe as YAML, every default written out; a recipe file itself. */
  public String yaml() {
    return RecipeYaml.write(RecordBinder.toTree(recipe));
  }

  private static Recipe bind(JsonNode root, SourceLines lines) {
    try {
      return RecordBinder.bind(Recipe.class, root);
    } catch (BindingException e) {
      throw refused(e.faults(), lines);
    }
  }

  private static RecipeException refused(List<BindingFault> faults, SourceLines lines) {
    List<String> told = new ArrayList<>();
    for (BindingFault fault : faults) {
      told.add(lines.describe(fault));
    }
    int more = told.size() - SHOWN_FAULTS;
    String text = String.join("\n", told.subList(0, Math.min(SHOWN_FAULTS, told.size())));
    return new RecipeException(more > 0 ? text + "\nand " + more + " more" : text);
  }
}
