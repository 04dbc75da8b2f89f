package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.pipelines.JsonText;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The digests of the files of one attempt folder, each with the size and modification time of the
 * version it was computed of; kept there as {@link #FILE}. A file of that name that cannot be read
 * or written costs time, nothing else.
 */
final class KnownDigests {
  static final String FILE = "verified.json";

  /**
   * A file that was changed so shortly before it was hashed might be changed again at what its file
   * system takes for the same time.
   */
  private static final long SETTLED_MILLIS = 2000;

  private static final Logger LOG = LoggerFactory.getLogger(KnownDigests.class);

  private final String uri;
  private final Map<String, Version> versions = new TreeMap<>();
  private boolean changed;

  /** One version of a file. */
  private record Version(long bytes, long modified, String sha256) {}

  private KnownDigests(String uri) {
    this.uri = uri;
  }

  /**
   * What is kept in an attempt folder.
   *
   * @param folder its URI; empty: known to this process only
   */
  static KnownDigests of(String folder) {
    KnownDigests digests = new KnownDigests(folder.isEmpty() ? "" : folder + "/" + FILE);
    if (!folder.isEmpty()) {
      digests.read();
    }
    return digests;
  }

  private void read() {
    try {
      if (!StoredFiles.exists(uri)) {
        return;
      }
      String text = new String(StoredFiles.read(uri), StandardCharsets.UTF_8);
      for (Map.Entry<String, JsonNode> entry : JsonText.parse(uri, text).properties()) {
        JsonNode version = entry.getValue();
        versions.put(
            entry.getKey(),
            new Version(
                version.path("bytes").asLong(),
                version.path("modified").asLong(),
                version.path("sha256").asText()));
      }
    } catch (IOException | DataException e) {
      LOG.debug("{} cannot be used: {}", uri, e.getMessage());
    }
  }

  /** The digest of that version of a file, if it is known. */
  synchronized Optional<String> of(String name, StoredFiles.Listed there) {
    return Optional.ofNullable(versions.get(name))
        .filter(v -> v.bytes() == there.size() && v.modified() == there.lastModified())
        .map(Version::sha256);
  }

  /**
   * Remembers the digest of a version of a file.
   *
   * @param began when its bytes were read, milliseconds since 1970
   */
  synchronized void remember(String name, StoredFiles.Listed there, String digest, long began) {
    boolean settled = there.lastModified() > 0 && there.lastModified() + SETTLED_MILLIS <= began;
    Version version = new Version(there.size(), there.lastModified(), digest);
    if (settled && !version.equals(versions.put(name, version))) {
      changed = true;
    }
  }

  /** Writes what is new beside the files. */
  synchronized void keep() {
    if (!changed || uri.isEmpty()) {
      return;
    }
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    versions.forEach(
        (name, version) ->
            tree.putObject(name)
                .put("bytes", version.bytes())
                .put("modified", version.modified())
                .put("sha256", version.sha256()));
    changed = false;
    try {
      LocalFiles.replace(uri, JsonText.pretty(tree).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("{} cannot be written: {}", uri, e.getMessage());
    }
  }
}
