package io.facet.models.weights;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.format.StoredTensor;
import io.facet.models.format.WeightsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Class weights that somebody else trained: the matrix of a softmax in a file of {@code
 * torch.save}, in safetensors or in {@code .npy}.
 */
public final class ClassifierFile {
  private static final int SHOWN = 5;

  private ClassifierFile() {}

  /**
   * Reads a matrix {@code (C, d)} or {@code (d, C)}; a square one is taken as {@code (C, d)}.
   *
   * @param file to read
   * @param name of the file, for error messages
   * @param tensor its full dotted name in the file; absent: the only matrix that fits
   * @param names of the identities, in the order of the classes
   * @param width d, that of the teacher's embeddings
   * @throws DataException if the file is missing or malformed, no matrix or several fit names and
   *     width, or a number is NaN or infinite
   */
  public static NamedClassWeights read(
      Path file, String name, Optional<String> tensor, IdentityNames names, int width) {
    int classes = names.names().size();
    List<StoredTensor> matrices =
        WeightsFile.readStored(file, name).stream()
            .filter(stored -> stored.type().isFloat() && stored.shape().dimension() == 2)
            .toList();
    List<StoredTensor> asked =
        matrices.stream()
            .filter(stored -> tensor.isEmpty() || stored.name().equals(tensor.get()))
            .toList();
    List<StoredTensor> fitting =
        asked.stream()
            .filter(
                stored ->
                    stored.shape().equals(new Shape(classes, width))
                        || stored.shape().equals(new Shape(width, classes)))
            .toList();
    if (tensor.isPresent() && asked.isEmpty()) {
      throw new DataException(
          "%s has no matrix '%s'; it holds %s".formatted(name, tensor.get(), shown(matrices)));
    }
    if (fitting.isEmpty()) {
      throw new DataException(
          "%s holds %s, but %s names %d identities and the teacher's embeddings have %d numbers, so a matrix of %d x %d is needed; give the whole classifier of this teacher and one name a class"
              .formatted(name, shown(asked), names.file(), classes, width, classes, width));
    }
    if (fitting.size() > 1) {
      throw new DataException(
          "%s holds several matrices that could be the class weights: %s; choose one by classifier.tensor"
              .formatted(name, shown(fitting)));
    }
    float[] rows = rows(fitting.get(0), classes, width);
    requireFinite(rows, width, name, names);
    return new NamedClassWeights(name, names, width, rows);
  }

  private static float[] rows(StoredTensor matrix, int classes, int width) {
    float[] values = matrix.floats();
    if (matrix.shape().get(0) == classes) {
      return values;
    }
    float[] rows = new float[values.length];
    for (int row = 0; row < classes; row++) {
      for (int i = 0; i < width; i++) {
        rows[row * width + i] = values[i * classes + row];
      }
    }
    return rows;
  }

  private static void requireFinite(float[] rows, int width, String name, IdentityNames names) {
    for (int i = 0; i < rows.length; i++) {
      if (!Float.isFinite(rows[i])) {
        int row = i / width;
        throw new DataException(
            "%s: row %d ('%s') holds %s; class weights must be finite: use another file"
                .formatted(name, row + 1, names.names().get(row), rows[i]));
      }
    }
  }

  private static String shown(List<StoredTensor> tensors) {
    if (tensors.isEmpty()) {
      return "no matrix of floats";
    }
    String first =
        tensors.stream()
            .limit(SHOWN)
            .map(
                stored ->
                    "%s (%d x %d)"
                        .formatted(
                            stored.name().isEmpty() ? "one array" : "'" + stored.name() + "'",
                            stored.shape().get(0),
                            stored.shape().get(1)))
            .collect(Collectors.joining(", "));
    return tensors.size() > SHOWN ? first + " and others" : first;
  }
}
