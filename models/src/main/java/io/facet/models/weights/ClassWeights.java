package io.facet.models.weights;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.format.TensorFile;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Class weights of a classifier, and whose they are.
 *
 * @param width numbers a class: that of the embeddings
 * @param rows {@code (C, width)} row by row
 * @param identities {@link IdentityNames#digest} of the identities' names in the order of the rows;
 *     absent if nobody knows them
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClassWeights(int width, float[] rows, Optional<String> identities) {
  private static final String TENSOR = "classifier.weight";
  private static final String IDENTITIES = "facet.identities";

  public ClassWeights {
    if (width < 1 || rows.length == 0 || rows.length % width != 0) {
      throw new IllegalArgumentException(
          "%d numbers are not rows of %d".formatted(rows.length, width));
    }
  }

  /** Number of identities C. */
  public int count() {
    return rows.length / width;
  }

  /**
   * Why these are not the class weights of a training set's identities; empty if they are.
   *
   * @param classes number of its identities
   * @param digest of their names; absent: only the number is compared
   */
  public Optional<String> mismatch(int classes, Optional<String> digest) {
    if (count() != classes) {
      return Optional.of(
          "they are of %d identities and the training set has %d".formatted(count(), classes));
    }
    if (digest.isEmpty() || digest.equals(identities)) {
      return Optional.empty();
    }
    return Optional.of(
        identities.isEmpty()
            ? "it does not say of which %d identities they are".formatted(classes)
            : "they are of %d other identities than the training set's, or of the same in another order"
                .formatted(classes));
  }

  /** Adds these to the tensors and metadata of a safetensors file. */
  void addTo(Map<String, FloatTensor> tensors, Map<String, String> metadata) {
    tensors.put(TENSOR, FloatTensor.of(TENSOR, new Shape(count(), width), rows));
    identities.ifPresent(digest -> metadata.put(IDENTITIES, digest));
  }

  /**
   * Takes these out of the tensors of a safetensors file, if it has some.
   *
   * @throws DataException if they are not a matrix
   */
  static Optional<ClassWeights> takenFrom(
      Map<String, FloatTensor> tensors, Map<String, String> metadata, String file) {
    FloatTensor tensor = tensors.remove(TENSOR);
    if (tensor == null) {
      return Optional.empty();
    }
    Shape shape = tensor.shape();
    if (shape.dimension() != 2 || shape.size() == 0) {
      throw new DataException(
          "%s: tensor '%s' has shape %s, class weights are one row a class; fetch the file again"
              .formatted(file, TENSOR, shape));
    }
    return Optional.of(
        new ClassWeights(
            (int) shape.get(1), tensor.values(), Optional.ofNullable(metadata.get(IDENTITIES))));
  }

  /** A safetensors file of these alone. */
  public byte[] bytes() {
    Map<String, FloatTensor> tensors = new TreeMap<>();
    Map<String, String> metadata = new TreeMap<>();
    addTo(tensors, metadata);
    return Safetensors.write(tensors, metadata);
  }

  /**
   * Reads what {@link #bytes} wrote.
   *
   * @param name of the file, for error messages
   * @throws DataException if the bytes are something else or damaged
   */
  public static ClassWeights read(byte[] bytes, String name) {
    TensorFile file = Safetensors.read(bytes, name);
    return takenFrom(new TreeMap<>(file.tensors()), file.metadata(), name)
        .orElseThrow(() -> new DataException(name + " holds no class weights"));
  }
}
