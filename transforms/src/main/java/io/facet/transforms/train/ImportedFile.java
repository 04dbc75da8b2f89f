package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;

/** A file a recipe names, checked by its digest. */
final class ImportedFile {
  private ImportedFile() {}

  /**
   * The file's bytes.
   *
   * @param teacher its name, for error messages
   * @param sha256 expected digest, 64 hexadecimal digits; empty: any
   * @throws DataException if the file is missing or another one
   */
  static byte[] read(String uri, String teacher, String sha256) throws IOException {
    byte[] bytes;
    try {
      bytes = StoredFiles.read(uri);
    } catch (FileNotFoundException e) {
      throw new DataException(
          "%s: file of '%s' not found; correct the path or data.root".formatted(uri, teacher), e);
    }
    String digest = Sha256.hex(bytes);
    if (!sha256.isEmpty() && !sha256.equalsIgnoreCase(digest)) {
      throw new DataException(
          "%s: SHA-256 is %s, the recipe expects %s; get the right file or correct the recipe"
              .formatted(uri, digest, sha256));
    }
    return bytes;
  }
}
