package io.facet.pipelines.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.prompt.PromptMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFileTest {
  @Test
  void readsEverySectionAndFillsDefaults() {
    Recipe recipe = SampleRecipes.whole();
    assertThat(recipe.seed()).isEqualTo(7);
    assertThat(recipe.device()).isEqualTo("auto");
    assertThat(recipe.data().validation().share()).isEqualTo(0.1);
    assertThat(recipe.data().resolve("x/y"))
        .isEqualTo(Path.of("faces/x/y").toAbsolutePath().toString());
    assertThat(recipe.teacher("vit").orElseThrow().training().orElseThrow().options().epochs())
        .isEqualTo(2);
    assertThat(recipe.prompt().mode()).isEqualTo(PromptMode.JOINT);
    assertThat(recipe.distill().options().epochs()).isEqualTo(3);
    assertThat(recipe.distill().options().batchSize()).isEqualTo(16);
    assertThat(recipe.distill().head().key()).isEqualTo("arcface");
    assertThat(recipe.distill().methods())
        .extracting(method -> method.key())
        .containsExactly("none", "feature-consistency", "cakd");
    assertThat(recipe.distill().seeds()).containsExactly(1L, 2L);
    assertThat(recipe.tracking().experiment()).isEqualTo("facet");
  }

  @Test
  void theResolvedRecipeIsARecipeAndEqualToIt() {
    RecipeFile file = RecipeFile.parse("a.yaml", SampleRecipes.WHOLE, List.of());
    RecipeFile again = RecipeFile.parse("b.yaml", file.yaml(), List.of());
    assertThat(again.recipe()).isEqualTo(file.recipe());
    assertThat(again.json()).isEqualTo(file.json());
    assertThat(RecipeFile.parse("c.yaml", file.json(), List.of()).json()).isEqualTo(file.json());
  }

  @Test
  void settingsOverrideValuesListsAndOptionsOfExtensions() {
    Recipe recipe =
        RecipeFile.parse(
                "a.yaml",
                SampleRecipes.WHOLE,
                List.of(
                    "distill.epochs=1",
                    "data.root=/elsewhere",
                    "seed=9",
                    "distill.seeds=[5]",
                    "distill.methods.1.feature-consistency.weight=0.5",
                    "teachers.1.training.epochs=4",
                    "distill.head.arcface.margin=0.3",
                    "tracking.tags.team=a=b",
                    "distill.seeds.1=6",
                    "distill.learningRate=1e-3"))
            .recipe();
    assertThat(recipe.distill().options().epochs()).isEqualTo(1);
    assertThat(recipe.data().rootPlace()).isEqualTo("/elsewhere");
    assertThat(recipe.seed()).isEqualTo(9);
    assertThat(recipe.distill().seeds()).containsExactly(5L, 6L);
    assertThat(recipe.distill().methods().get(1).json()).contains("\"weight\":0.5");
    assertThat(recipe.teachers().get(1).training().orElseThrow().options().epochs()).isEqualTo(4);
    assertThat(recipe.distill().head().json()).contains("\"margin\":0.3");
    assertThat(recipe.tracking().tags()).containsEntry("team", "a=b");
    assertThat(recipe.distill().options().networkRate()).isEqualTo(0.001);
  }

  @Test
  void theLearningRateMayBeThatOfAnotherBatch() {
    Recipe recipe =
        RecipeFile.parse(
                "a.yaml",
                SampleRecipes.WHOLE,
                List.of(
                    "distill.learningRate={base: 0.1, batch: 512}",
                    "distill.headLearningRate={base: 0.2, batch: 64}",
                    "distill.accumulate=4"))
            .recipe();
    assertThat(recipe.distill().options().batchSize()).isEqualTo(16);
    assertThat(recipe.distill().options().networkRate()).isEqualTo(0.1 * 64 / 512);
    assertThat(recipe.distill().options().headRate()).isEqualTo(0.2);
  }

  @Test
  void anOptionOfAnExtensionGivenByItsKeyAloneCanBeSet() {
    Recipe recipe =
        RecipeFile.parse("a.yaml", SampleRecipes.WHOLE, List.of("distill.methods.2.cakd.locals=16"))
            .recipe();
    assertThat(recipe.distill().methods().get(2).json()).contains("\"locals\":16");
  }

  @Test
  void yamlIsReadAsUsersMeanIt() {
    String text =
        SampleRecipes.WHOLE
            .replace("name: demo", "name: &n on")
            .replace("namespace: cfp", "namespace: 007");
    Recipe recipe =
        RecipeFile.parse("a.yaml", text + "tracking: {experiment: *n}\n", List.of()).recipe();
    assertThat(recipe.name()).isEqualTo("on");
    assertThat(recipe.tracking().experiment()).isEqualTo("on");
    assertThat(recipe.data().train().get(0).json()).contains("\"007\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "1.10", "2024_01_15", "1_0", "no", "1e3", "0x1F", "0.50", "NaN"})
  void whereTextIsWantedItStaysAsWritten(String written) {
    String text = SampleRecipes.WHOLE.replace("name: demo", "name: " + written);
    for (List<String> settings : List.of(List.<String>of(), List.of("name=" + written))) {
      RecipeFile file = RecipeFile.parse("a.yaml", text, settings);
      assertThat(file.recipe().name()).isEqualTo(written);
      assertThat(RecipeFile.parse("b.yaml", file.yaml(), List.of()).recipe().name())
          .isEqualTo(written);
    }
  }

  @Test
  void explicitTagsChooseTheTypeAndUnknownOnesAreRefused() {
    String text = SampleRecipes.WHOLE.replace("name: demo", "name: !!str null");
    assertThat(RecipeFile.parse("a.yaml", text, List.of()).recipe().name()).isEqualTo("null");
    assertThatThrownBy(
            () ->
                RecipeFile.parse(
                    "a.yaml", SampleRecipes.WHOLE.replace("name: demo", "name: !env X"), List.of()))
        .hasMessageContaining("a.yaml:1: the tag '!env' means nothing here");
  }

  @Test
  void refusesAliasesThatGrowWithoutEnd() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
    }
    assertThatThrownBy(() -> RecipeFile.parse("a.yaml", text.toString(), List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("aliases");
  }

  @Test
  void showsTheFirstTenOfManyFaults() {
    StringBuilder text = new StringBuilder(SampleRecipes.WHOLE);
    for (int i = 0; i < 14; i++) {
      text.append("wrong%d: 1\n".formatted(i));
    }
    assertThatThrownBy(() -> RecipeFile.parse("a.yaml", text.toString(), List.of()))
        .isInstanceOf(RecipeException.class)
        .satisfies(
            e -> assertThat(e.getMessage().lines()).hasSize(11).last().isEqualTo("and 4 more"));
  }

  @Test
  void namesAMissingFile(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    assertThatThrownBy(() -> RecipeFile.read(file, List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessage(file + ": no such file");
  }

  @Test
  void oneMethodWithOtherOptionsIsCalledByANumber() {
    Recipe recipe =
        RecipeFile.parse(
                "a.yaml",
                SampleRecipes.WHOLE,
                List.of("distill.methods=[rkd, none, {rkd: {distanceWeight: 9}}]"))
            .recipe();
    assertThat(recipe.distill().methodNames()).containsExactly("rkd", "none", "rkd-2");
  }
}
