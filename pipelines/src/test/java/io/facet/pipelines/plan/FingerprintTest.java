package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.recipe.SampleRecipes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void isTheSameTodayAndTomorrow() {
    Fingerprint fingerprint =
        Fingerprint.of("align", 1, Map.of("options.b", "2", "options.a", "1"), Map.of("p", "f"));
    assertThat(fingerprint.digest())
        .as("stored: when this changes, every artifact of every user is made again")
        .isEqualTo("ae14eac2b4d627641ef29cb0e0f25f0a1202a698b06ce2ed7b06ae64b4e67d40");
  }

  @Test
  void dependsOnStageVersionInputsAndParents() {
    Map<String, String> inputs = Map.of("options.a", "1");
    String digest = Fingerprint.of("align", 1, inputs, Map.of()).digest();
    assertThat(
            List.of(
                Fingerprint.of("align", 2, inputs, Map.of()).digest(),
                Fingerprint.of("ingest", 1, inputs, Map.of()).digest(),
                Fingerprint.of("align", 1, Map.of("options.a", "2"), Map.of()).digest(),
                Fingerprint.of("align", 1, inputs, Map.of("p", "f")).digest()))
        .doesNotContain(digest)
        .doesNotHaveDuplicates();
  }

  @Test
  void recordsBecomeOneInputAnOption() {
    var training = SampleRecipes.whole().distill();
    var inputs =
        new FingerprintInputs()
            .options("head", training.head())
            .options("training", training.options())
            .build();
    assertThat(inputs)
        .containsEntry("options.training.batchSize", "16")
        .containsKey("options.head.arcface@1.margin")
        .doesNotContainKey("options.training.logEvery");
  }

  @Test
  void optionsThatCannotAffectResultsDoNotCount() {
    assertThat(inputs(List.of("distill.logEvery=3", "distill.checkpointEvery=7")))
        .isEqualTo(inputs(List.of()));
    assertThat(inputs(List.of("distill.epochs=9"))).isNotEqualTo(inputs(List.of()));
  }

  @Test
  void explainsDifferencesByGroup() {
    Fingerprint now =
        Fingerprint.of(
            "align",
            1,
            Map.of(
                "options.template",
                "ffhq",
                "options.fresh",
                "1",
                "content.cfp",
                "a".repeat(64),
                "library.opencv",
                "4.13"),
            Map.of("ingest", "f2"));
    assertThat(
            now.differencesFrom(
                Map.of(
                    "version.stage",
                    "align@1",
                    "options.template",
                    "arcface-112",
                    "options.old",
                    "1",
                    "content.cfp",
                    "b".repeat(64),
                    "library.opencv",
                    "4.12"),
                Map.of("ingest", "f1")))
        .isEqualTo(
            "content changed: cfp; library changed: opencv (4.12 → 4.13);"
                + " options changed: fresh (new), old (gone), template (arcface-112 → ffhq);"
                + " parents changed: ingest");
  }

  private static Map<String, String> inputs(List<String> settings) {
    var recipe = RecipeFile.parse("a.yaml", SampleRecipes.WHOLE, settings).recipe();
    return new FingerprintInputs().options(recipe.distill().options()).build();
  }
}
