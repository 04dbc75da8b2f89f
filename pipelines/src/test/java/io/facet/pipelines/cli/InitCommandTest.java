package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.format.CsvPairs;
import io.facet.models.format.NamedPair;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.recipe.RecipeFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void alignedFacesOfSeveralPeopleGiveARecipeThatPlans() throws IOException {
    people(10, 4, 112);
    assertThat(init()).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("10 people, 40 images (4 each), 112x112 pixels")
        .contains("aligned faces already")
        .contains("./infra/facet run");

    Path recipe = folder.resolve("out/my-people.yaml");
    assertThat(RecipeFile.read(recipe, List.of()).recipe().align().detector().key())
        .isEqualTo("none");
    assertThat(facet("plan", recipe.toString(), "--store", folder.resolve("store").toString()))
        .as(err.toString())
        .isZero();
  }

  @Test
  void filesThatAreNoImagesAreNamed() throws IOException {
    people(6, 3, 112);
    Path first = Files.list(folder.resolve("my people")).sorted().findFirst().orElseThrow();
    Files.writeString(first.resolve("0.gif"), "GIF89a");
    assertThat(init()).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(
            "1 of 19 looked at are no whole JPEG, PNG, WebP or BMP (%s/0.gif)"
                .formatted(first.getFileName()));
  }

  @Test
  void nobodyOfTheVerificationSetIsTrainedOn() throws IOException {
    people(10, 4, 112);
    assertThat(init()).isZero();
    List<String> heldOut =
        Files.readAllLines(folder.resolve("out/my-people-verification-people.txt"));
    List<NamedPair> pairs =
        CsvPairs.parse(
            Files.readString(folder.resolve("out/my-people-pairs.csv")),
            "pairs",
            folder.resolve("my people").toString());
    Set<String> paired =
        pairs.stream()
            .flatMap(pair -> Stream.of(pair.left(), pair.right()))
            .map(name -> name.substring(0, name.indexOf('/')))
            .collect(Collectors.toSet());
    assertThat(heldOut).hasSize(2);
    assertThat(paired).containsExactlyInAnyOrderElementsOf(heldOut);
    assertThat(pairs).filteredOn(NamedPair::same).hasSize(12);
    assertThat(pairs).filteredOn(pair -> !pair.same()).hasSize(12);
  }

  @Test
  void doingItAgainGivesTheSamePeopleAndOverwritesNothingUnasked() throws IOException {
    people(6, 3, 112);
    assertThat(init()).isZero();
    String names = Files.readString(folder.resolve("out/my-people-verification-people.txt"));
    assertThat(init()).isEqualTo(ExitCodes.RECIPE);
    assertThat(err.toString()).contains("is there already").contains("--force");
    assertThat(init("--force")).isZero();
    assertThat(folder.resolve("out/my-people-verification-people.txt")).hasContent(names);
  }

  @Test
  void imagesThatAreNoAlignedFacesNeedADetector() throws IOException {
    people(6, 3, 160);
    assertThat(init()).isEqualTo(ExitCodes.DATA);
    assertThat(err.toString()).contains("yunet_n_dynamic.onnx").contains("--detector FILE");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aFolderThatIsNoSetOfPeopleIsRefusedWithTheCure() throws IOException {
    people(3, 3, 112);
    assertThat(init()).isEqualTo(ExitCodes.DATA);
    assertThat(err.toString())
        .contains("3 people")
        .contains("one folder of images for each person");
    assertThat(facet("init", folder.resolve("absent").toString())).isEqualTo(ExitCodes.DATA);
    assertThat(facet("init", Files.createDirectory(folder.resolve("empty")).toString()))
        .isEqualTo(ExitCodes.DATA);
  }

  private int init(String... more) {
    return facet(
        Stream.concat(
                Stream.of(
                    "init",
                    folder.resolve("my people").toString(),
                    "--output",
                    folder.resolve("out").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private int facet(String... arguments) {
    CommandLine line = FacetCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  /** Grey squares: nothing here looks at faces. */
  private void people(int people, int images, int side) throws IOException {
    for (int person = 0; person < people; person++) {
      Path own = Files.createDirectories(folder.resolve("my people/person " + person));
      for (int image = 0; image < images; image++) {
        BufferedImage square = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        square.setRGB(0, 0, 0x010101 * (person * images + image + 1));
        ImageIO.write(square, "png", own.resolve(image + ".png").toFile());
      }
    }
  }
}
