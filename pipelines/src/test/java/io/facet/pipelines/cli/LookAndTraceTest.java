package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code facet data} and {@code facet trace} over a small run with planted faults. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LookAndTraceTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path folder;

  private static SmallStore store;
  private static String imageId;
  private static CommandRun firstLook;

  @BeforeAll
  static void run() throws Exception {
    store = SmallStore.draw(folder);
    // Another encoding of one picture of p0, under the name of p2.
    Path copied = store.image("train/p0/1.jpg");
    SyntheticFaces faces =
        new SyntheticFaces(3, new SyntheticOptions(112, 1.4, 0.5, 0.75, 1.2, 0.65, 0, 0.5));
    byte[] same = faces.photograph(0, 1).jpeg();
    byte[] longer = new byte[same.length + 1]; // a byte behind the end is another file
    System.arraycopy(same, 0, longer, 0, same.length);
    Files.write(store.image("train/p2/9.jpg"), longer);
    Files.copy(store.image("train/p3/0.jpg"), store.image("train/p3/8.jpg"));
    imageId = FileDigests.sha256(Files.readAllBytes(copied));
    firstLook = store.of("data", store.recipe(), "--json", folder.resolve("first.json"));
    store.run();
  }

  private static JsonNode json(CommandRun run, Path file) throws IOException {
    assertThat(run.exitCode()).as(run.said()).isZero();
    return JSON.readTree(file.toFile());
  }

  @Test
  void aRecipeIsLookedAtBeforeAnythingIsTrained() throws IOException {
    JsonNode look = json(firstLook, folder.resolve("first.json"));

    assertThat(firstLook.err() + firstLook.out()).doesNotContain("distill");
    assertThat(look.at("/samples").asInt()).isEqualTo(18);
    assertThat(look.at("/teacher").asText()).isEqualTo("public");
    assertThat(look.at("/judged").asInt()).as("one picture has two names").isEqualTo(13);
    assertThat(look.at("/imagesPerPerson/3-5").asInt()).isEqualTo(4);
    List<String> names = new ArrayList<>();
    look.at("/duplicates").forEach(row -> names.add(row.at("/name").asText()));
    assertThat(names).containsExactlyInAnyOrder("p0/1.jpg", "p2/9.jpg", "p3/0.jpg", "p3/8.jpg");
    look.at("/duplicates")
        .forEach(
            row -> {
              boolean exact = row.at("/name").asText().startsWith("p3");
              assertThat(row.at("/exact").asBoolean()).isEqualTo(exact);
              assertThat(row.at("/conflict").asBoolean()).isEqualTo(!exact);
              assertThat(row.at("/leak").asBoolean()).isFalse();
            });
    assertThat(look.at("/shares/duplicates").asDouble()).isEqualTo(2 / 18.0);
  }

  @Test
  void aRunIsLookedAtAndItsTablesAreParquet() throws IOException {
    Path out = folder.resolve("look");
    Path json = folder.resolve("look.json");

    CommandRun run = store.of("data", "folders", "--out", out, "--json", json);

    assertThat(json(run, json)).isEqualTo(JSON.readTree(folder.resolve("first.json").toFile()));
    CommandRun table = CommandRun.of("inspect", out.resolve("duplicates"));
    assertThat(table.out()).as(table.said()).contains("conflict", "p2/9.jpg");
    CommandRun again = store.of("data", "folders", "--out", out);
    assertThat(again.exitCode()).isEqualTo(ExitCodes.RECIPE);
    assertThat(again.err()).contains("--out", "is there already");
  }

  @Test
  void sharesAboveTheirLimitFail() {
    CommandRun run = store.of("data", "folders", "--fail-on", "duplicates=0.2,conflicts=0.1");
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.GATE);
    assertThat(run.err()).contains("conflicts is 0.1111, more than 0.1").doesNotContain("duplic");
    CommandRun wrong = store.of("data", "folders", "--fail-on", "doubles=0.2");
    assertThat(wrong.exitCode()).isEqualTo(ExitCodes.RECIPE);
    assertThat(wrong.err()).contains("'doubles'", "label-errors");
  }

  @Test
  void withoutTeacherLabelsAreNotJudged() {
    CommandRun run =
        store.of("data", store.recipe(), "--no-teacher", "--fail-on", "label-errors=1");
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.out()).contains("labels were not judged");
    assertThat(run.err()).contains("add a teacher to the recipe");
  }

  @Test
  void withoutDetectorCropsAreNotLookedAt() {
    CommandRun run = store.of("data", "folders", "--fail-on", "unaligned-crops=1");
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.out())
        .contains("whether crops are aligned was not looked at: align.detector is none");
    assertThat(run.err()).contains("--fail-on unaligned-crops: align.detector is none");
  }

  @Test
  void anImageIsFollowedByFileIdAndName() throws IOException {
    List<JsonNode> traces = new ArrayList<>();
    for (Object what :
        List.of(store.image("train/p0/1.jpg"), imageId.substring(0, 8), "p0/1.jpg")) {
      Path json = folder.resolve("image.json");
      traces.add(json(store.of("trace", what, "--json", json), json));
    }
    JsonNode trace = traces.get(0);
    assertThat(traces).allMatch(trace::equals);
    assertThat(trace.at("/kind").asText()).isEqualTo("image");
    assertThat(trace.at("/imageId").asText()).isEqualTo(imageId);
    assertThat(trace.at("/samples/0/identity").asText()).isEqualTo("train/p0");
    assertThat(trace.at("/samples/0/file").asText())
        .isEqualTo(store.image("train/p0/1.jpg").toString());
    assertThat(trace.at("/faces").size()).isOne();
    assertThat(texts(trace.at("/artifacts"), "/instance"))
        .containsExactly("ingest", "align", "pack", "prompt[public]");
    assertThat(texts(trace.at("/models"), "/instance"))
        .containsExactly("distill[feature-consistency#1]");
    assertThat(trace.at("/pairs")).isEmpty();
  }

  @Test
  void anImageOfAVerificationSetHasPairsAndScoresAndNoModel() throws IOException {
    Path json = folder.resolve("verification.json");
    CommandRun run = store.of("trace", "q1/0.jpg", "--json", json);
    JsonNode trace = json(run, json);

    assertThat(run.out()).contains("no model was trained with it");
    assertThat(trace.at("/pairs").size()).isEqualTo(2);
    assertThat(trace.at("/scores").size()).as("of teacher and student").isEqualTo(4);
    assertThat(trace.at("/models")).isEmpty();
  }

  @Test
  void aFigureGoesBackToPairsImagesAndSources() throws IOException {
    Path json = folder.resolve("figure.json");
    JsonNode trace =
        json(
            store.of("trace", "feature-consistency#1/pairs/accuracy", "--json", json, "--rows", 4),
            json);

    assertThat(trace.at("/figures").size()).isOne();
    assertThat(trace.at("/figures/0/protocol").asText()).startsWith("lfw-10fold");
    assertThat(trace.at("/pairs").asInt()).isEqualTo(4);
    assertThat(trace.at("/same").asInt()).isEqualTo(2);
    assertThat(trace.at("/images").asInt()).isEqualTo(4);
    assertThat(trace.at("/shown/2/left/name").asText()).isEqualTo("q0/0.jpg");
    assertThat(trace.at("/shown/2/right/file").asText())
        .isEqualTo(store.image("images/q1/0.jpg").toString());
    assertThat(texts(trace.at("/origin/steps"), "/instance"))
        .contains(
            "evaluate[feature-consistency#1]",
            "distill[feature-consistency#1]",
            "prompt[public]",
            "pack",
            "align",
            "ingest");
    assertThat(texts(trace.at("/origin/sources"), "/label")).containsExactly("pairs", "train.0");
    assertThat(trace.at("/origin/recipe").asText()).isEqualTo("folders");
  }

  @Test
  void aModelFileGoesBackToSourcesAndOnToItsFigures() throws IOException {
    Path json = folder.resolve("model.json");
    Path model;
    try (Stream<Path> files = Files.walk(store.path().resolve("distill"))) {
      model = files.filter(file -> file.endsWith("model.safetensors")).findFirst().orElseThrow();
    }
    CommandRun run = store.of("trace", model, "--json", json);
    JsonNode trace = json(run, json);

    assertThat(trace.at("/kind").asText()).isEqualTo("artifact");
    assertThat(texts(trace.at("/figures"), "/name")).contains("accuracy");
    String fingerprint = trace.at("/fingerprint").asText();
    CommandRun byFingerprint = store.of("trace", fingerprint.substring(0, 10));
    assertThat(byFingerprint.out()).isEqualTo(run.out());
  }

  @Test
  void whatIsNotThereIsNamedWithTheCure() {
    CommandRun set = store.of("trace", "public/lfw");
    assertThat(set.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(set.err()).contains("'public' was measured on pairs", "public/pairs");
    CommandRun figure = store.of("trace", "public/pairs/precision");
    assertThat(figure.err()).contains("no figure 'precision'", "accuracy");
    CommandRun nothing = store.of("trace", "nobody");
    assertThat(nothing.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(nothing.err()).contains("knows no model, artifact or image");
  }

  private static List<String> texts(JsonNode array, String pointer) {
    List<String> texts = new ArrayList<>();
    array.forEach(row -> texts.add(row.at(pointer).asText()));
    return texts;
  }
}
