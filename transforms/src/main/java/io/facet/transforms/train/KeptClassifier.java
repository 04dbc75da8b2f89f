package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.format.TensorFile;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.Optional;

/** What a weights file that is to be imported says of its class weights. */
public final class KeptClassifier {
  private KeptClassifier() {}

  /**
   * Why the file's class weights cannot be used, as the rest of a sentence that begins with the
   * file; empty if they can.
   *
   * @throws DataException if the file is missing or malformed
   */
  public static Optional<String> fault(String uri) throws IOException {
    TensorFile file = StoredWeights.read(uri);
    if (!ModelFile.isModel(file)) {
      return Optional.of("is of somebody else and keeps none that can be told");
    }
    Optional<ClassWeights> kept = ModelFile.read(StoredFiles.read(uri), uri).classifier();
    if (kept.isEmpty()) {
      return Optional.of("keeps none");
    }
    return kept.get().identities().isEmpty()
        ? Optional.of("does not say of which identities its %d are".formatted(kept.get().count()))
        : Optional.empty();
  }
}
