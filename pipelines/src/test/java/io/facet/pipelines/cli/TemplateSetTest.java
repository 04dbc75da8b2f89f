package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.face.synthetic.Photograph;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.pipelines.artifact.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sets of templates in the layout of IJB, as verification sets of a recipe and by themselves. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TemplateSetTest {
  private static final int PEOPLE = 12;
  private static final SyntheticFaces FACES =
      new SyntheticFaces(5, new SyntheticOptions(96, 1.4, 0.5, 0.75, 1.2, 0.65, 0, 0.5));

  @TempDir Path folder;

  /** Two templates a person, the first of two faces of one medium, the second of one face. */
  @BeforeEach
  void draw() throws Exception {
    Path images = Files.createDirectories(folder.resolve("ijbx/loose_crop"));
    Path meta = Files.createDirectories(folder.resolve("ijbx/meta"));
    StringBuilder faces = new StringBuilder();
    StringBuilder points = new StringBuilder();
    StringBuilder pairs = new StringBuilder();
    StringBuilder gallery = new StringBuilder("TEMPLATE_ID,SUBJECT_ID\n");
    StringBuilder probes = new StringBuilder("TEMPLATE_ID,SUBJECT_ID\n");
    for (int person = 0; person < PEOPLE; person++) {
      for (int shot = 0; shot < 3; shot++) {
        String name = person + "-" + shot + ".jpg";
        Photograph photograph = FACES.photograph(person, shot);
        Files.write(images.resolve(name), photograph.jpeg());
        int template = 2 * person + 1 + shot / 2;
        faces.append("%s %d %d\n".formatted(name, template, template));
        points.append(name);
        for (float value : photograph.landmarks()) {
          points.append(String.format(Locale.ROOT, " %.3f", value));
        }
        points.append(" 0.9\n");
      }
      for (int other = 0; other < PEOPLE; other++) {
        pairs.append(
            "%d %d %d\n".formatted(2 * person + 1, 2 * other + 2, person == other ? 1 : 0));
      }
      (person < 6 ? gallery : probes).append("%d,%d\n".formatted(2 * person + 1, person));
      probes.append("%d,%d\n".formatted(2 * person + 2, person));
    }
    Files.writeString(meta.resolve("ijbx_face_tid_mid.txt"), faces);
    Files.writeString(meta.resolve("ijbx_name_5pts_score.txt"), points);
    Files.writeString(meta.resolve("ijbx_template_pair_label.txt"), pairs);
    Files.writeString(meta.resolve("ijbx_1N_gallery_G1.csv"), gallery);
    Files.writeString(meta.resolve("ijbx_1N_probe_mixed.csv"), probes);
  }

  private CommandRun run(Path json) throws Exception {
    Path recipe =
        TinyRecipe.write(
            folder,
            TinyRecipe.studentAlone()
                .replace(
                    "  verification:\n",
                    "  verification:\n"
                        + "    - {name: ijbx, source: {ijb: {path: %s}}}\n"
                            .formatted(folder.resolve("ijbx")))
                .replace("evaluate: {", "evaluate: {templates: {falseAcceptRates: [0.05]}, "));
    return CommandRun.of(
        "run",
        recipe,
        "--store",
        folder.resolve("store"),
        "--tracking-uri",
        "none",
        "--json",
        json);
  }

  @Test
  void aRecipeAndTheCommandGiveTheSameFigures() throws Exception {
    Files.delete(folder.resolve("ijbx/loose_crop/3-2.jpg")); // the only face of template 8
    Path json = folder.resolve("run.json");
    CommandRun run = run(json);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("tar-at-far-5e-02", "rank-5");
    Path evaluation = JsonSummary.read(json).artifact("evaluate[none#1]");
    Manifest manifest =
        Manifest.parse("manifest.json", Files.readString(evaluation.resolve("manifest.json")));
    assertThat(manifest.metrics())
        .containsEntry("rejected.template-without-face", 1.0)
        .containsEntry("ijbx/template-pairs", 132.0)
        .containsEntry("ijbx/mated-probes", 5.0)
        .containsEntry("ijbx/templates", 23.0);
    Path model = JsonSummary.read(json).artifact("distill[none#1]").resolve("model.safetensors");
    CommandRun alone =
        CommandRun.of("evaluate", "--model", model, "--on", "ijb:" + folder.resolve("ijbx"));
    assertThat(alone.exitCode()).as(alone.said()).isZero();
    for (String figure : new String[] {"area-under-curve", "equal-error-rate", "rank-1"}) {
      assertThat(alone.out())
          .containsPattern(
              figure
                  + " +"
                  + String.format(Locale.ROOT, "%.5f", manifest.metrics().get("ijbx/" + figure)));
    }
    assertThat(alone.out()).contains("12 of 144 pairs left out; 1 image missing-file");
  }

  @Test
  void listsThatDoNotBelongTogetherAreRefusedBeforeAnyWork() throws Exception {
    Path model = TinyModel.write(folder, 32);
    Path pairs = folder.resolve("ijbx/meta/ijbx_template_pair_label.txt");
    Files.writeString(pairs, "1 2 1\n1 99 0\n");
    CommandRun run =
        CommandRun.of("evaluate", "--model", model, "--on", "ijb:" + folder.resolve("ijbx"));
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.said())
        .contains("ijbx_template_pair_label.txt, line 2: template 99 has no face");
    Files.delete(pairs);
    assertThat(
            CommandRun.of("evaluate", "--model", model, "--on", "ijb:" + folder.resolve("ijbx"))
                .said())
        .contains("the list ijbx_template_pair_label.txt is missing");
    CommandRun empty = CommandRun.of("evaluate", "--model", model, "--on", "ijb:" + folder);
    assertThat(empty.said()).contains("no list *_face_tid_mid.txt, neither here nor in meta");
  }
}
