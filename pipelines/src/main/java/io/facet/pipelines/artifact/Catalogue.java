package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.pipelines.JsonText;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of the committed artifacts of one stage, remembered by this process and, where
 * there are many, in {@link #FILE} of the stage's folder, so that a store of a thousand runs is not
 * read file by file each time.
 *
 * <p>It is a cache: what is there is always the listing of the folder. An entry counts only while
 * marker and manifest have the size and time they were read with; all else is read anew. A file
 * that is damaged, out of date or overwritten by another process costs time, nothing else.
 */
final class Catalogue {
  static final String FILE = "catalogue.json";

  /** So many manifests must be new before the file is written again. */
  static final int BATCH = 16;

  /**
   * A file that was written so shortly before might be replaced at what counts as the same time.
   */
  private static final long SETTLED_MILLIS = 2000;

  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

  private final String root;
  private final String stage;
  private final CommittedArtifacts committed;
  private final Map<String, Entry> entries = new TreeMap<>();
  private int fresh;

  /** What was read of one artifact, and the versions of the files it was read from. */
  private record Entry(String attempt, String marker, String manifest, Artifact artifact) {}

  Catalogue(String root, String stage, CommittedArtifacts committed) {
    this.root = root;
    this.stage = stage;
    this.committed = committed;
    load();
  }

  private static String uri(String root, String stage) {
    return root + "/" + stage + "/" + FILE;
  }

  private String uri() {
    return uri(root, stage);
  }

  /** Deletes the file, so that nothing is left in it of an artifact that goes. */
  static void delete(String root, String stage) throws IOException {
    StoredFiles.delete(List.of(uri(root, stage)));
  }

  /** All committed artifacts whose manifest can be read, in the order of their fingerprints. */
  synchronized List<Artifact> artifacts() throws IOException {
    List<String> names = StoreFolders.names(root + "/" + stage);
    entries.keySet().retainAll(names);
    List<Artifact> artifacts = new ArrayList<>();
    for (String fingerprint : names) {
      artifact(fingerprint).ifPresent(artifacts::add);
    }
    if (fresh >= BATCH) {
      keep();
    }
    return artifacts;
  }

  private Optional<Artifact> artifact(String fingerprint) throws IOException {
    long began = System.currentTimeMillis();
    Optional<StoredFiles.Listed> marker = stat(committed.marker(stage, fingerprint));
    if (marker.isEmpty()) {
      entries.remove(fingerprint);
      return Optional.empty();
    }
    Entry known = entries.get(fingerprint);
    if (known != null
        && known.marker().equals(version(marker.get()))
        && stat(manifest(fingerprint, known.attempt()))
            .map(Catalogue::version)
            .equals(Optional.of(known.manifest()))) {
      return Optional.of(known.artifact());
    }
    entries.remove(fingerprint);
    try {
      Artifact artifact = committed.read(stage, fingerprint);
      String attempt = artifact.uri().substring(artifact.uri().lastIndexOf('/') + 1);
      Optional<StoredFiles.Listed> manifest = stat(manifest(fingerprint, attempt));
      if (manifest.isPresent() && settled(marker.get(), began) && settled(manifest.get(), began)) {
        entries.put(
            fingerprint,
            new Entry(attempt, version(marker.get()), version(manifest.get()), artifact));
        fresh++;
      }
      return Optional.of(artifact);
    } catch (DataException e) {
      LOG.debug("left out: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private String manifest(String fingerprint, String attempt) {
    return committed.folder(stage, fingerprint) + "/" + attempt + "/" + CommittedArtifacts.MANIFEST;
  }

  private static Optional<StoredFiles.Listed> stat(String uri) throws IOException {
    try {
      return Optional.of(StoredFiles.stat(uri));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static String version(StoredFiles.Listed file) {
    return file.size() + ":" + file.lastModified();
  }

  private static boolean settled(StoredFiles.Listed file, long began) {
    return file.lastModified() > 0 && file.lastModified() + SETTLED_MILLIS <= began;
  }

  private void load() {
    try {
      if (!StoredFiles.exists(uri())) {
        return;
      }
      String text = new String(StoredFiles.read(uri()), StandardCharsets.UTF_8);
      for (Map.Entry<String, JsonNode> one : JsonText.parse(uri(), text).properties()) {
        JsonNode entry = one.getValue();
        String attempt = entry.path("attempt").asText();
        Manifest manifest = Manifest.parse(uri(), entry.path("content").asText());
        entries.put(
            one.getKey(),
            new Entry(
                attempt,
                entry.path("marker").asText(),
                entry.path("manifest").asText(),
                new Artifact(
                    root, committed.folder(stage, one.getKey()) + "/" + attempt, manifest)));
      }
    } catch (IOException | DataException e) {
      entries.clear();
      LOG.debug("{} cannot be used: {}", uri(), e.getMessage());
    }
  }

  private void keep() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    entries.forEach(
        (fingerprint, entry) ->
            tree.putObject(fingerprint)
                .put("attempt", entry.attempt())
                .put("marker", entry.marker())
                .put("manifest", entry.manifest())
                .put("content", entry.artifact().manifest().json()));
    fresh = 0;
    try {
      LocalFiles.replace(uri(), JsonText.pretty(tree).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("{} cannot be written: {}", uri(), e.getMessage());
    }
  }
}
