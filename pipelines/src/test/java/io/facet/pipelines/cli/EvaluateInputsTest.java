package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.testing.PackedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Verification sets as people have them: what cannot be used is left out, counted and named. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EvaluateInputsTest {
  @TempDir static Path shared;
  private static Path model;

  @TempDir Path folder;
  private Path images;

  @BeforeAll
  static void writeModel() {
    model = TinyModel.write(shared, 16);
  }

  @BeforeEach
  void draw() throws IOException {
    DrawnFolders.draw(folder);
    Files.move(folder.resolve("images"), folder.resolve("others"));
    images = Files.move(folder.resolve("train"), folder.resolve("images"));
  }

  private CommandRun evaluate(String set) {
    return CommandRun.of("evaluate", "--model", model, "--on", set);
  }

  private CommandRun evaluate(List<String> pairs) throws IOException {
    Files.writeString(
        folder.resolve("pairs.csv"), "left,right,same\n" + String.join("\n", pairs) + "\n");
    return evaluate("csv-pairs:" + folder.resolve("pairs.csv"));
  }

  /** Six pairs of one person each and six of two. */
  private static List<String> pairs() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pairs.add("p%d/%d.jpg,p%d/%d.jpg,1".formatted(i % 4, i % 2, i % 4, 2));
      pairs.add("p%d/%d.jpg,p%d/%d.jpg,0".formatted(i % 4, i % 3, (i + 1) % 4, i % 3));
    }
    return pairs;
  }

  @Test
  void unusableImagesAreCountedAndNamed() throws IOException {
    Files.delete(images.resolve("p0/0.jpg"));
    Files.writeString(images.resolve("p2/1.jpg"), "<html><body>not found</body></html>");
    Files.write(images.resolve("p1/0.jpg"), new byte[0]);
    CommandRun run = evaluate(pairs());
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out())
        .contains("5 of 12 pairs left out")
        .contains("1 image missing-file (p0/0.jpg: the file is not there)")
        .contains("1 image unknown-type (p2/1.jpg: it is a web page (HTML)")
        .contains("1 image empty-file (p1/0.jpg: the file has no bytes)");
  }

  @Test
  void aListOfMissingImagesIsAnErrorOfTheData() throws IOException {
    CommandRun run = evaluate(List.of("gone/0.jpg,gone/1.jpg,1", "gone/2.jpg,gone/3.jpg,0"));
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err())
        .contains("none of 2 pairs could be scored: 4 images missing-file (gone/0.jpg: ")
        .doesNotContain("bug");
  }

  @Test
  void whatWasLeftOutIsToldWhereTheRestIsTooLittle() throws IOException {
    Files.delete(images.resolve("p1/0.jpg"));
    CommandRun run = evaluate(List.of("p0/0.jpg,p0/1.jpg,1", "p0/0.jpg,p1/0.jpg,0"));
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err())
        .contains("it needs both kinds; 1 of 2 pairs left out; 1 image missing-file (p1/0.jpg: ");
  }

  @Test
  void onePairListGivesOneFigureInEveryFormat() throws IOException {
    List<String> pairs = pairs();
    pairs.sort((a, b) -> b.substring(b.length() - 1).compareTo(a.substring(a.length() - 1)));
    List<byte[]> packed = new ArrayList<>();
    List<Boolean> same = new ArrayList<>();
    for (String pair : pairs) {
      String[] fields = pair.split(",", -1);
      packed.add(Files.readAllBytes(images.resolve(fields[0])));
      packed.add(Files.readAllBytes(images.resolve(fields[1])));
      same.add(fields[2].equals("1"));
    }
    Path bin = PackedImages.bin(folder.resolve("pairs.bin"), packed, same);
    List<String> ofCsv = figures(evaluate(pairs));
    assertThat(ofCsv).hasSizeGreaterThan(3);
    assertThat(figures(evaluate("bin:" + bin))).isEqualTo(ofCsv);
  }

  /** Names and values, without what is said of the set and of intervals. */
  private static List<String> figures(CommandRun run) {
    assertThat(run.exitCode()).as(run.said()).isZero();
    return run.out()
        .lines()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 4 && words[2].matches("[0-9.]+"))
        .filter(words -> !words[1].equals("identities"))
        .map(words -> words[1] + " " + words[2])
        .toList();
  }

  @Test
  void accuracyOfFewDifferentPairsIsStatedAndTheirAcceptRateIsNot() throws IOException {
    CommandRun run = evaluate(pairs());
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out())
        .contains("tar-at-far-1e-02: absent, needs 100 different pairs, the set has 6")
        .contains("lfw-10fold-v2");
  }
}
