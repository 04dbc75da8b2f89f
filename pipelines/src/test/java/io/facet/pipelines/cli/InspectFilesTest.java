package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.testing.PackedImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect} says what is in the files people bring. */
class InspectFilesTest {
  @TempDir Path folder;
  private byte[] image;

  @BeforeEach
  void draw() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(112, 96, BufferedImage.TYPE_INT_RGB), "png", bytes);
    image = bytes.toByteArray();
  }

  @Test
  void recordIoHasImagesPeopleAndSizes() throws IOException {
    Path rec =
        PackedImages.recordIo(
            folder.resolve("train.rec"),
            List.of(image, image, image, image),
            List.of(0f, 0f, 7f, -1f));
    assertThat(inspect(rec).out())
        .contains("4 images: 3 of 2 people, 1 without a label")
        .contains("4 images looked at: 112x96 (4)");
  }

  @Test
  void namesNeitherBreakLinesNorSteerTheTerminal() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    String name = "one\ntwo\u001b[31m";
    FloatTensor tensor = FloatTensor.of(name, new Shape(1), new float[] {1});
    Files.write(file, Safetensors.write(Map.of(name, tensor), Map.of("note", "first\r\nsecond")));
    assertThat(inspect(file).out())
        .contains("one\\ntwo\\x1b[31m", "note: first\\r\\nsecond")
        .doesNotContain("\u001b");
  }

  @Test
  void verificationPicklesHavePairs() throws IOException {
    Path bin =
        PackedImages.bin(
            folder.resolve("lfw.bin"), List.of(image, image, image, image), List.of(true, false));
    assertThat(inspect(bin).out()).contains("2 pairs: 1 of one person, 1 of two");
  }

  @Test
  void pairListsHavePairsAndFolds() throws IOException {
    Path csv = folder.resolve("pairs.csv");
    Files.writeString(csv, "left,right,same,fold\na/1.jpg,a/2.jpg,1,0\na/1.jpg,b/1.jpg,0,1\n");
    assertThat(inspect(csv).out()).contains("2 pairs: 1 of one person, 1 of two; 2 folds");
  }

  @Test
  void pairListsAreReadInTheEncodingsThatSourcesTake() throws IOException {
    Path csv = folder.resolve("pairs.csv");
    String text = "\ufeffleft,right,same\na/1.jpg,a/2.jpg,1\n";
    Files.write(csv, text.getBytes(StandardCharsets.UTF_16LE));
    assertThat(inspect(csv).out()).contains("1 pairs: 1 of one person, 0 of two");
  }

  @Test
  void foldersHavePeople() throws IOException {
    for (String person : List.of("ann", "bob")) {
      Files.write(Files.createDirectories(folder.resolve(person)).resolve("1.png"), image);
    }
    assertThat(inspect(folder).out()).contains("2 people, 2 images (1 each), 112x96 pixels");
  }

  @Test
  void whatIsNoneOfThemIsNamed() throws IOException {
    Path other = Files.writeString(folder.resolve("notes.xyz"), "hello");
    CommandRun run = inspect(other);
    assertThat(run.exitCode()).isEqualTo(ExitCodes.DATA);
    assertThat(run.said()).contains("notes.xyz: of no format Facet knows");
  }

  private static CommandRun inspect(Path path) {
    return CommandRun.of("inspect", path);
  }
}
