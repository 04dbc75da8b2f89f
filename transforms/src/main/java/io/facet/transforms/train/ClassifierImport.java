package io.facet.transforms.train;

import io.facet.models.weights.ClassWeights;
import io.facet.transforms.pack.PackFiles;
import io.facet.transforms.pack.PackIdentities;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;

/**
 * Class weights of somebody else for the identities of a training set.
 *
 * @param source where they are
 * @param pack the training set
 */
public record ClassifierImport(ForeignClassifier source, PackFiles pack) {

  /**
   * The rows of the training set's identities, in the order of its classes.
   *
   * @param width of the teacher's embeddings
   * @throws io.facet.models.DataException if the files cannot be used or lack an identity
   */
  ClassWeights read(int width) throws IOException {
    return source.read(width).of(PackIdentities.read(pack, SampleRow.TRAIN).names());
  }
}
