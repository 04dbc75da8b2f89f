package io.facet.pipelines.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.RecipeException;
import io.facet.models.option.Selected;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.format.SyntheticSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The teacher of the demonstration, as it comes with Facet. */
class ShippedTeacherTest {
  private static final String PATH = "shipped:drawn-teacher.safetensors";
  private static final int LARGEST = 2_000_000;

  private final Recipe demo = recipe("sample/demo.yaml");
  private final Recipe training = recipe("official/drawn-teacher.yaml");

  private static Recipe recipe(String name) {
    return RecipeFile.read(Path.of("../infra/recipes", name), List.of()).recipe();
  }

  private WeightsRecipe weights() {
    return demo.teachers().get(0).weights().orElseThrow();
  }

  @Test
  void theDemonstrationPinsTheDigestOfTheFile() throws IOException {
    byte[] file = ShippedWeights.read(PATH);

    assertThat(weights().path()).isEqualTo(PATH);
    assertThat(weights().sha256()).contains(Sha256.hex(file));
    assertThat(file.length).isLessThan(LARGEST);
  }

  @Test
  void theTextBesideItNamesItsDigestAndItsRecipe() throws IOException {
    JsonNode card =
        JsonMapper.builder()
            .build()
            .readTree(getClass().getResourceAsStream("/shipped/drawn-teacher.json"));

    assertThat(card.get("sha256").asText()).isEqualTo(weights().sha256().orElseThrow());
    assertThat(card.get("bytes").asInt()).isEqualTo(ShippedWeights.read(PATH).length);
    assertThat(card.get("recipe").asText()).isEqualTo("infra/recipes/official/drawn-teacher.yaml");
    assertThat(card.get("figures").get("accuracy").asDouble()).isBetween(0.5, 1.0);
  }

  @Test
  void itIsTheNetworkThatBothRecipesName() throws IOException {
    ModelFile model = ModelFile.read(ShippedWeights.read(PATH), PATH);

    assertThat(model.backbone()).isEqualTo(demo.teachers().get(0).network());
    assertThat(model.backbone()).isEqualTo(training.distill().student());
    assertThat(model.classifier()).isEmpty();
  }

  @Test
  void nobodyOfTheDemonstrationHasTrainedTheTeacher() {
    Set<String> teachersPeople = people(training.data().train().stream());
    Stream<Selected<FaceSource<?>>> demonstrations =
        Stream.concat(
            demo.data().train().stream(),
            demo.data().verification().stream().map(DataRecipe.VerificationRecipe::source));

    assertThat(teachersPeople).hasSizeGreaterThan(1_000);
    assertThat(people(demonstrations))
        .hasSizeGreaterThan(100)
        .doesNotContainAnyElementsOf(teachersPeople);
    assertThat(population(training)).isNotEqualTo(population(demo));
  }

  /** Whom sources show, with the population that they come from. */
  private static Set<String> people(Stream<Selected<FaceSource<?>>> sources) {
    SyntheticSource drawn = new SyntheticSource();
    return sources
        .flatMap(source -> drawn.list(options(source)).samples().stream())
        .map(SourceSample::identity)
        .collect(Collectors.toSet());
  }

  private static long population(Recipe recipe) {
    return options(recipe.data().train().get(0)).population();
  }

  private static SyntheticSource.Options options(Selected<FaceSource<?>> source) {
    assertThat(source.key()).isEqualTo("synthetic");
    return (SyntheticSource.Options) source.options();
  }

  @Test
  void aFileThatDoesNotComeWithFacetIsRefusedWithTheNamesOfThoseThatDo() {
    assertThatThrownBy(() -> with("teachers.0.weights.path=shipped:other.safetensors"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("no weights of that name come with Facet; known: " + PATH);
    assertThatThrownBy(() -> ShippedWeights.read("shipped:other.safetensors"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("shipped:other.safetensors");
  }

  @Test
  void aShippedFileIsRefusedWithoutItsDigest() {
    assertThatThrownBy(() -> with("teachers.0.weights={path: '" + PATH + "'}"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("missing key 'sha256': a shipped file is used only with its digest");
  }

  private static Recipe with(String setting) {
    return RecipeFile.read(Path.of("../infra/recipes/sample/demo.yaml"), List.of(setting)).recipe();
  }
}
