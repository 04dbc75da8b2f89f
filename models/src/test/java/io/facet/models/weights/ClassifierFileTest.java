package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Npy;
import io.facet.models.format.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three people, embeddings of two numbers. */
class ClassifierFileTest {
  private static final IdentityNames NAMES =
      new IdentityNames("people.txt", List.of("ann", "bob", "cid"));
  private static final float[] ROWS = {1, 2, 3, 4, 5, 6};
  private static final float[] COLUMNS = {1, 3, 5, 2, 4, 6};
  private static final Shape ROW_SHAPE = new Shape(3, 2);

  @TempDir Path folder;

  @Test
  void readsATensorThatWasSavedAlone() throws IOException {
    Path file = new TorchSave().matrix(ROW_SHAPE, ROWS).to(folder.resolve("softmax_fc.pth"));
    assertThat(read(file)).isEqualTo(ROWS);
  }

  @Test
  void readsTheStateDictOfASoftmax() throws IOException {
    Path file =
        new TorchSave()
            .begin()
            .key("weight")
            .matrix(ROW_SHAPE, ROWS)
            .end()
            .to(folder.resolve("softmax_fc.pth"));
    assertThat(read(file)).isEqualTo(ROWS);
  }

  @Test
  void findsTheSoftmaxInAWholeCheckpoint() throws IOException {
    Path file =
        new TorchSave()
            .begin()
            .key("epoch")
            .number(3)
            .key("state_dict_backbone")
            .begin()
            .key("fc.weight")
            .matrix(new Shape(2, 7), new float[14])
            .end()
            .key("state_dict_softmax_fc")
            .begin()
            .key("weight")
            .matrix(new Shape(2, 3), COLUMNS)
            .end()
            .end()
            .to(folder.resolve("checkpoint.pt"));
    assertThat(read(file)).as("(d, C) becomes (C, d)").isEqualTo(ROWS);
  }

  @Test
  void readsSafetensors() throws IOException {
    assertThat(read(safetensors(Map.of("w", FloatTensor.of("w", ROW_SHAPE, ROWS)))))
        .isEqualTo(ROWS);
  }

  @Test
  void readsNumpyArraysOfBothPrecisionsAndOrders() throws IOException {
    assertThat(read(npy("<f4", "False", "(3, 2)", ROWS))).isEqualTo(ROWS);
    assertThat(read(npy("<f4", "False", "(2, 3)", COLUMNS))).isEqualTo(ROWS);
    assertThat(read(npy("<f4", "True", "(3, 2)", COLUMNS))).isEqualTo(ROWS);
    assertThat(read(npy("<f8", "True", "(2, 3)", ROWS))).isEqualTo(ROWS);
  }

  @Test
  void aSquareMatrixHasOneRowAClass() {
    Path file = folder.resolve("square.npy");
    float[] square = {1, 2, 3, 4};
    write(file, Npy.write(new Npy.Floats(new Shape(2, 2), square)));
    IdentityNames two = new IdentityNames("people.txt", List.of("ann", "bob"));
    assertThat(ClassifierFile.read(file, "square.npy", Optional.empty(), two, 2).rows())
        .isEqualTo(square);
  }

  @Test
  void namesOfAnotherLengthAreRefused() throws IOException {
    Path file = npy("<f4", "False", "(2, 2)", new float[] {1, 2, 3, 4});
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "w.bin holds one array (2 x 2), but people.txt names 3 identities and the teacher's embeddings have 2 numbers, so a matrix of 3 x 2 is needed");
  }

  @Test
  void rowsOfAnotherWidthThanTheEmbeddingsAreRefused() throws IOException {
    Path file = new TorchSave().matrix(new Shape(3, 5), new float[15]).to(folder.resolve("a.pth"));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("(3 x 5)")
        .hasMessageContaining("a matrix of 3 x 2 is needed");
  }

  @Test
  void aFileWithoutMatrixIsRefused() throws IOException {
    Path file = safetensors(Map.of("b", FloatTensor.of("b", new Shape(6), ROWS)));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("w.bin holds no matrix of floats, but people.txt");
  }

  @Test
  void ofSeveralMatricesTheRecipeNamesOne() throws IOException {
    Path file =
        safetensors(
            Map.of(
                "a", FloatTensor.of("a", ROW_SHAPE, new float[6]),
                "b", FloatTensor.of("b", ROW_SHAPE, ROWS)));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'a' (3 x 2), 'b' (3 x 2); choose one by classifier.tensor");
    assertThat(ClassifierFile.read(file, "w.bin", Optional.of("b"), NAMES, 2).rows())
        .isEqualTo(ROWS);
    assertThatThrownBy(() -> ClassifierFile.read(file, "w.bin", Optional.of("c"), NAMES, 2))
        .isInstanceOf(DataException.class)
        .hasMessage("w.bin has no matrix 'c'; it holds 'a' (3 x 2), 'b' (3 x 2)");
  }

  @Test
  void aRowThatIsNotFiniteIsNamed() throws IOException {
    Path file = npy("<f4", "False", "(3, 2)", new float[] {1, 2, 3, Float.NaN, 5, 6});
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("w.bin: row 2 ('bob') holds NaN");
  }

  @Test
  void aFileThatIsSomethingElseIsNamed() {
    Path file = folder.resolve("text.pth");
    write(file, "class weights, honestly".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("w.bin");
    assertThatThrownBy(() -> read(folder.resolve("nowhere.pth")))
        .isInstanceOf(DataException.class)
        .hasMessage("w.bin does not exist; correct the path");
  }

  private static float[] read(Path file) {
    return ClassifierFile.read(file, "w.bin", Optional.empty(), NAMES, 2).rows();
  }

  private Path safetensors(Map<String, FloatTensor> tensors) {
    return write(folder.resolve("w.safetensors"), Safetensors.write(tensors, Map.of()));
  }

  /** As numpy.save writes it. */
  private Path npy(String type, String fortran, String shape, float[] stored) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }".formatted(type, fortran, shape);
    header = header + " ".repeat(117 - header.length()) + "\n";
    int size = type.equals("<f8") ? 8 : 4;
    ByteBuffer bytes =
        ByteBuffer.allocate(128 + size * stored.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (float value : stored) {
      if (size == 8) {
        bytes.putDouble(value);
      } else {
        bytes.putFloat(value);
      }
    }
    return write(folder.resolve("w.npy"), bytes.array());
  }

  private static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
