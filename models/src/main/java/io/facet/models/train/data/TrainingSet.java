package io.facet.models.train.data;

import io.facet.models.face.Pixels;
import io.facet.models.tensor.SeededHash;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Face crops to train on, with or without a known identity. Positions 0..size-1 and class numbers
 * are functions of the content, never of arrival. Safe to read from several threads.
 */
public interface TrainingSet {
  /** Label of a crop whose identity nobody knows. */
  int UNLABELLED = -1;

  /** Number of crops. */
  int size();

  /** Number of identities C. */
  int classes();

  /** Class of a crop, 0..C-1, or {@link #UNLABELLED}. */
  int label(int index);

  /** Number of crops with a class. */
  default int labelled() {
    return (int) IntStream.range(0, size()).filter(i -> label(i) != UNLABELLED).count();
  }

  /**
   * {@link io.facet.models.weights.IdentityNames#digest} of the identities' names in the order of
   * the classes; absent if they have none.
   */
  default Optional<String> identityDigest() {
    return Optional.empty();
  }

  /** Stable name of a crop. */
  String faceId(int index);

  /** {@link SeededHash#of(String)} of the name: what every draw about the crop depends on. */
  default long faceHash(int index) {
    return SeededHash.of(faceId(index));
  }

  /**
   * The decoded crop.
   *
   * @throws io.facet.models.DataException if it cannot be read; the message names the face
   */
  Pixels crop(int index);
}
