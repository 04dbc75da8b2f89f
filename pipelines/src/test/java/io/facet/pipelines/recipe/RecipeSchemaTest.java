package io.facet.pipelines.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.option.OptionSchema;
import io.facet.pipelines.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users find in {@code infra/recipes} fits the code. */
class RecipeSchemaTest {
  private static final Path RECIPES = Path.of("../infra/recipes");

  @Test
  void theSchemaForEditorsIsUpToDate() throws IOException {
    Path file = RECIPES.resolve("recipe.schema.json");
    String schema = JsonText.pretty(OptionSchema.of(Recipe.class, "Facet recipe"));
    if (Boolean.getBoolean("facet.schema.write")) {
      Files.writeString(file, schema);
    }
    assertThat(file)
        .as(
            "write it anew: mvn -pl pipelines -am test -Dtest=RecipeSchemaTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfacet.schema.write=true")
        .hasContent(schema);
  }

  private static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.walk(RECIPES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void everyRecipeThatShipsIsValidAndHasTheKeysOfTheManual(Path file) {
    Recipe recipe =
        RecipeFile.read(file, List.of("data.root=/faces", "distill.epochs=1", "seed=3")).recipe();
    assertThat(recipe.seed()).isEqualTo(3);
    assertThat(recipe.distill().options().epochs()).isEqualTo(1);
    assertThat(recipe.data().rootPlace()).isEqualTo("/faces");
  }
}
