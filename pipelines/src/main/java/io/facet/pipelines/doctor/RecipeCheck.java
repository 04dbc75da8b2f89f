package io.facet.pipelines.doctor;

import io.facet.pipelines.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.List;

/** A recipe file that can be read. */
public final class RecipeCheck implements Check {
  private final Path path;
  private final List<String> settings;
  private RecipeFile file;

  /**
   * Nothing is read yet.
   *
   * @param settings {@code KEY=VALUE} that override the file
   */
  public RecipeCheck(Path path, List<String> settings) {
    this.path = path;
    this.settings = List.copyOf(settings);
  }

  @Override
  public String name() {
    return "recipe";
  }

  @Override
  public String look() {
    file = RecipeFile.read(path, settings);
    return file.recipe().name() + " from " + path;
  }

  /** What was read. */
  public RecipeFile file() {
    return file;
  }

  @Override
  public String cure() {
    return "correct the line named above";
  }
}
