package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.weights.ClassifierFile;
import io.facet.models.weights.IdentityNames;
import io.facet.models.weights.NamedClassWeights;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Class weights that somebody else trained, as files on any of Beam's file systems.
 *
 * @param weights URI of the file that holds the matrix
 * @param tensor its full dotted name in the file; absent: the only matrix that fits
 * @param names URI of the file that names the identities, one a line
 * @param namespace put before each name; empty: the names as they are
 */
public record ForeignClassifier(
    String weights, Optional<String> tensor, String names, String namespace) {

  /**
   * Reads both files.
   *
   * @param width of the teacher's embeddings
   * @throws DataException if one is missing or malformed, or they do not fit each other or the
   *     width
   */
  public NamedClassWeights read(int width) throws IOException {
    IdentityNames identities = IdentityNames.parse(bytes(names), names, namespace);
    Path local = Files.createTempFile("facet-classifier", ".bin");
    try {
      Files.write(local, bytes(weights));
      return ClassifierFile.read(local, weights, tensor, identities, width);
    } catch (DataException e) {
      throw new DataException(e.getMessage().replace(local.toString(), weights), e);
    } finally {
      Files.delete(local);
    }
  }

  private static byte[] bytes(String uri) throws IOException {
    try {
      return StoredFiles.read(uri);
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": file not found; correct the path or data.root", e);
    }
  }
}
