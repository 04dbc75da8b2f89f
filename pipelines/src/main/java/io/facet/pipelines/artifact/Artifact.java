package io.facet.pipelines.artifact;

import io.facet.models.DataException;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.pack.DataFile;
import io.facet.transforms.parquet.Partition;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A committed artifact.
 *
 * @param store root of the store it lies in
 * @param uri of its attempt folder
 * @param manifest what it is
 */
public record Artifact(String store, String uri, Manifest manifest) {

  /** {@code /STAGE/FINGERPRINT/attempt-UUID}, a name that is given once. */
  public String attempt() {
    return uri.substring(store.length());
  }

  /** URI of a file of the manifest, which may be relative to the store. */
  public String resolve(Manifest.DataFile file) {
    return file.in(store);
  }

  /**
   * Files of a table; none if it has no rows.
   *
   * @throws DataException if the artifact has no such table
   */
  public List<String> tableUris(String table) {
    return dataFiles(table).stream().map(DataFile::uri).toList();
  }

  /**
   * Files of a table with what the manifest tells of them.
   *
   * @throws DataException if the artifact has no such table
   */
  public List<DataFile> dataFiles(String table) {
    return manifest.table(table).orElseThrow(() -> missing("table", table)).files().stream()
        .map(file -> new DataFile(resolve(file), file.bytes(), file.sha256()))
        .toList();
  }

  /** The same of {@link #tableUris(String, Set)}. */
  public List<DataFile> dataFiles(String table, Set<String> splits) {
    return dataFiles(table).stream().filter(file -> Partition.mayHold(file.uri(), splits)).toList();
  }

  /**
   * Files of a table that may have rows of some splits, see {@link Partition}.
   *
   * @throws DataException if the artifact has no such table
   */
  public List<String> tableUris(String table, Set<String> splits) {
    return dataFiles(table, splits).stream().map(DataFile::uri).toList();
  }

  /**
   * URI of an attachment.
   *
   * @throws DataException if the artifact has no such attachment
   */
  public String attachmentUri(String name) {
    return resolve(manifest.attachment(name).orElseThrow(() -> missing("attachment", name)).file());
  }

  /** Bytes of an attachment. */
  public byte[] attachment(String name) {
    String file = attachmentUri(name);
    try {
      return StoredFiles.read(file);
    } catch (IOException e) {
      throw StoreErrors.failed("read", file, e);
    }
  }

  private DataException missing(String what, String name) {
    return new DataException(
        "%s %s has no %s '%s'".formatted(manifest.instance(), uri, what, name));
  }
}
