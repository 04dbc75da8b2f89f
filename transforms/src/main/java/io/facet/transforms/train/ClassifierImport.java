package io.facet.transforms.train;

import io.facet.models.weights.ClassWeights;
import java.io.IOException;
import java.util.List;

/**
 * Class weights of somebody else for the identities of a training set.
 *
 * @param source where they are
 * @param faces data files of table {@code faces}
 * @param samples data files of table {@code samples}
 */
public record ClassifierImport(ForeignClassifier source, List<String> faces, List<String> samples) {

  /**
   * The rows of the training set's identities, in the order of its classes.
   *
   * @param width of the teacher's embeddings
   * @throws io.facet.models.DataException if the files cannot be used or lack an identity
   */
  ClassWeights read(int width) throws IOException {
    return source.read(width).of(TrainingIdentities.read(samples, faces));
  }
}
