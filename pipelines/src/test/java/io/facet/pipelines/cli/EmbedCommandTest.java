package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.embed.EmbeddedImage;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
  private static final int IMAGES = DrawnFolders.PEOPLE * DrawnFolders.SHOTS;
  private static final int WIDTH = 16;
  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path model;
  private static Path images;
  private static Path one;

  @BeforeAll
  static void drawFacesAndWriteAModel() throws IOException {
    model = TinyModel.write(shared, 16);
    DrawnFolders.draw(shared);
    images = shared.resolve("train");
    one = images.resolve("p0/0.jpg");
  }

  private static CommandRun embed(Object... more) {
    return CommandRun.of(
        Stream.concat(Stream.of("embed", "--model", model), Stream.of(more)).toArray());
  }

  private static List<JsonNode> lines(String text) throws IOException {
    return new JsonMapper().readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
  }

  private static float[] numbers(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).floatValue();
    }
    return values;
  }

  @Test
  void everyImageOfAFolderIsALineOfJson() throws IOException {
    CommandRun run = embed(images);
    assertThat(run.exitCode()).as(run.said()).isZero();
    List<JsonNode> lines = lines(run.out());
    assertThat(lines).hasSize(IMAGES);
    assertThat(lines.get(0).get("image").asText()).isEqualTo(one.toString());
    try (FaceEmbedder embedder = FaceEmbedder.open(model)) {
      assertThat(embedder.embeddingSize()).isEqualTo(WIDTH);
      float[] expected = embedder.embed(one);
      assertThat(numbers(lines.get(0).get("embedding"))).containsExactly(expected, within(1e-6f));
      assertThat(FaceEmbedder.similarity(expected, expected)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void filesOfEachKindHoldTheSameNumbers() throws IOException {
    Path parquet = folder.resolve("a/faces.parquet");
    Path csv = folder.resolve("faces.csv");
    Path lines = folder.resolve("faces.jsonl");
    for (Path file : List.of(parquet, csv, lines)) {
      CommandRun run = embed("--out", file, images);
      assertThat(run.exitCode()).as(run.said()).isZero();
      assertThat(run.out()).isEqualTo("faces: " + IMAGES + ", in " + file + System.lineSeparator());
    }
    List<EmbeddedImage> rows =
        ParquetTable.readAll(EmbeddedImage.class, List.of(parquet.toString()));
    List<String> cells = Files.readAllLines(csv);
    List<JsonNode> objects = lines(Files.readString(lines));
    assertThat(rows).hasSize(IMAGES);
    assertThat(cells).hasSize(IMAGES + 1);
    assertThat(cells.get(0)).startsWith("image,face,score,e0,e1,").endsWith(",e15");
    for (int i = 0; i < IMAGES; i++) {
      assertThat(numbers(objects.get(i).get("embedding"))).isEqualTo(rows.get(i).embedding());
      assertThat(cells.get(i + 1).split(",")[3])
          .isEqualTo(Float.toString(rows.get(i).embedding()[0]));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(folder.resolve("a"), csv, lines);
    }
  }

  @Test
  void allFacesOfAnAlignedImageAreThatOne() throws IOException {
    List<JsonNode> all = lines(embed("--all-faces", one).out());
    assertThat(all).hasSize(1).isEqualTo(lines(embed(one).out()));
    assertThat(all.get(0).get("face").asInt()).isZero();
  }

  @Test
  void imagesWithoutAFaceAreToldWithTheirReason() throws IOException {
    Files.copy(one, folder.resolve("1.jpg"));
    Files.writeString(folder.resolve("2.jpg"), "<html><body>not found</body></html>");
    List<JsonNode> lines = lines(embed(folder).out());
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1).get("rejected").asText()).isEqualTo("unknown-type");
    Path csv = shared.resolve("left-out.csv");
    CommandRun run = embed("--out", csv, folder);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("images without a face: 1, in " + csv + ".rejects.jsonl");
    assertThat(Files.readString(Path.of(csv + ".rejects.jsonl"))).contains("2.jpg", "unknown-type");
  }

  @Test
  void photographsWithoutADetectorAreRefusedWithTheCure() throws IOException {
    Path small = Files.write(folder.resolve("small.png"), png(50, 60));
    CommandRun run = embed(small);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err()).contains("no image of 1 gave a face", "not-aligned", "add --detector");
  }

  private static byte[] png(int width, int height) {
    return FaceEncoder.png(new Pixels(width, height, new byte[width * height * 3]));
  }

  @Test
  void whatCannotBeWrittenOrReadIsRefused() {
    assertThat(embed("--out", folder.resolve("faces.txt"), images).err())
        .contains("faces.txt ends in none of .parquet, .csv and .jsonl");
    assertThat(embed(folder.resolve("gone.jpg")).err()).contains("gone.jpg: no such image");
    assertThat(embed("--several", "all", images).err())
        .contains("--several: must be largest-central or reject, is 'all'");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void twoFacesAreComparedByAThreshold() throws IOException {
    Path picture = folder.resolve("both.png");
    CommandRun alike = compare(one, "--threshold", 0.99, "--picture", picture);
    assertThat(alike.exitCode()).as(alike.said()).isZero();
    assertThat(alike.out()).contains("similarity 1.0000", "one person: the threshold is 0.99");
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(compare(images.resolve("p1/0.jpg"), "--threshold", 1).out())
        .contains("different people: the threshold is 1.0");
    assertThat(compare(one, "--threshold", "NaN").err())
        .contains("--threshold: a cosine lies in -1..1");
    assertThat(compare(one, "--picture", "both.jpg").err()).contains("both.jpg must end in .png");
  }

  @Test
  void ofPhotographsWithSeveralFacesAllAreCompared() {
    Path couple = RealData.path("photos/couple.jpg");
    String detector = RealData.path("detectors/yunet_n_dynamic.onnx").toString();
    CommandRun all =
        CommandRun.of(
            "compare", couple, couple, "--model", model, "--detector", detector, "--all-faces");
    assertThat(all.exitCode()).as(all.said()).isZero();
    assertThat(all.out())
        .contains("similarity 1.0000, face ")
        .contains("face of A  ", "0 at ", "1 at ", "no verdict: ");
    assertThat(all.out().lines().filter(line -> line.matches(" *[01] at .*"))).hasSize(4);
    CommandRun one =
        CommandRun.of("compare", couple, couple, "--model", model, "--detector", detector);
    assertThat(one.out()).contains("similarity 1.0000").doesNotContain("face of A");
    CommandRun refused =
        CommandRun.of(
            "compare",
            couple,
            couple,
            "--model",
            model,
            "--detector",
            detector,
            "--several",
            "reject");
    assertThat(refused.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(refused.err()).contains("couple.jpg: several-faces: ", "say --all-faces");
  }

  @Test
  void whatWouldBeIgnoredIsRefused() {
    assertThat(compare(one, "--threshold", 0.5, "--far", 0.01).err())
        .contains("--far: says where", "--threshold stands in its place");
    assertThat(compare(one, "--threshold", 0.5, "--set", "lfw").err()).contains("--set: says");
    assertThat(compare(one, "--all-faces", "--several", "reject").err())
        .contains("--several: says which face is taken, --all-faces takes every one");
    assertThat(embed("--all-faces", "--several", "largest-central", one).exitCode())
        .isEqualTo(ExitCodes.RECIPE);
  }

  @Test
  void withoutAThresholdThereIsNoVerdict() {
    CommandRun run = compare(one);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("similarity 1.0000", "no verdict", "give --threshold");
    assertThat(compare(one, "--far", "2").err()).contains("--far: must lie above 0 and below 1");
    assertThat(compare(folder.resolve("gone.jpg")).err()).contains("gone.jpg: no such file");
    assertThat(compare(folder).err()).contains(folder + " is a folder; name a file in it");
  }

  @Test
  void nothingThatIsReadIsOverwritten() throws IOException {
    Path photograph = Files.copy(one, folder.resolve("photograph.csv"));
    Path picture = Files.copy(one, folder.resolve("photograph.png"));
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), photograph);
    for (Path out : List.of(photograph, link)) {
      CommandRun run = embed("--out", out, photograph);
      assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
      assertThat(run.err()).contains("--out: " + out + " is one of the inputs");
    }
    assertThat(compare(picture, "--picture", picture).err()).contains("is one of the inputs");
    assertThat(photograph).hasSameBinaryContentAs(one);
    assertThat(picture).hasSameBinaryContentAs(one);
    Path taken = Files.createDirectory(folder.resolve("taken.csv"));
    assertThat(embed("--out", taken, one).err()).contains(taken + " is a folder; name a file");
  }

  @Test
  void aRunWithoutAnyFaceStillTellsTheReasons() throws IOException {
    Path small = Files.write(folder.resolve("small.png"), png(50, 60));
    Path out = folder.resolve("none.csv");
    CommandRun run = embed("--out", out, small);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(Files.readString(Path.of(out + ".rejects.jsonl"))).contains("not-aligned");
    assertThat(out).doesNotExist();
  }

  private static CommandRun compare(Path other, Object... more) {
    return CommandRun.of(
        Stream.concat(Stream.of("compare", one, other, "--model", model), Stream.of(more))
            .toArray());
  }
}
