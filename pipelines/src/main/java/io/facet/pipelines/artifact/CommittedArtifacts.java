package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.pipelines.JsonText;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a commit left: {@code COMMITTED}, the manifest it names, and the files of that. */
final class CommittedArtifacts {
  static final String MARKER = "COMMITTED";
  static final String MANIFEST = "manifest.json";

  private static final String ATTEMPT = "attempt-[^/]+";

  private final String root;
  private final CheckedFiles files;

  CommittedArtifacts(String root) {
    this.root = root;
    this.files = new CheckedFiles(root);
  }

  /** URI of the marker of a fingerprint. */
  String marker(String stage, String fingerprint) {
    return folder(stage, fingerprint) + "/" + MARKER;
  }

  /** Folder of a fingerprint. */
  String folder(String stage, String fingerprint) {
    return root + "/" + stage + "/" + fingerprint;
  }

  /** Whether something was committed, damaged or not. */
  boolean there(String stage, String fingerprint) throws IOException {
    return StoredFiles.exists(marker(stage, fingerprint));
  }

  /**
   * Name of the committed attempt; empty if nothing was committed.
   *
   * @throws DataException if the marker is damaged
   */
  Optional<String> attempt(String stage, String fingerprint) throws IOException {
    String marker = marker(stage, fingerprint);
    if (!StoredFiles.exists(marker)) {
      return Optional.empty();
    }
    String attempt = JsonText.parse(marker, text(marker)).path("attempt").asText();
    String manifest = folder(stage, fingerprint) + "/" + attempt + "/" + MANIFEST;
    if (!attempt.matches(ATTEMPT) || !StoredFiles.exists(manifest)) {
      throw new DataException(
          new Damage(marker, "the name of an attempt", "'" + attempt + "'").text());
    }
    return Optional.of(attempt);
  }

  /**
   * Attempts that were committed, or whose commit was begun, by the marker and by their manifests;
   * those that are set aside already are left out.
   */
  List<AttemptFolder> attempts(String stage, String fingerprint) throws IOException {
    String marker = marker(stage, fingerprint);
    String named = StoredFiles.exists(marker) ? text(marker) : "";
    List<AttemptFolder> found = new ArrayList<>();
    for (AttemptFolder attempt : Attempts.of(root, stage, fingerprint)) {
      String name = attempt.uri().substring(attempt.uri().lastIndexOf('/') + 1);
      if ((named.contains(name) || attempt.contains(MANIFEST)) && !SetAside.is(attempt)) {
        found.add(attempt);
      }
    }
    return found;
  }

  /** The marker of an attempt with that manifest. */
  static byte[] marker(Attempt attempt, Manifest manifest, byte[] manifestBytes) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("attempt", attempt.name());
    node.put("manifestSha256", FileDigests.sha256(manifestBytes));
    node.put("run", manifest.originRun());
    return JsonText.pretty(node).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A committed artifact whose manifest is the one that was committed; its files are not looked at.
   *
   * @throws DataException if marker or manifest are damaged
   */
  Artifact read(String stage, String fingerprint) throws IOException {
    String marker = marker(stage, fingerprint);
    JsonNode named = JsonText.parse(marker, text(marker));
    String attempt = named.path("attempt").asText();
    String expected = named.path("manifestSha256").asText();
    if (!attempt.matches(ATTEMPT)) {
      throw new DataException(
          new Damage(marker, "the name of an attempt", "'" + attempt + "'").text());
    }
    String manifestUri = folder(stage, fingerprint) + "/" + attempt + "/" + MANIFEST;
    try {
      byte[] bytes = StoredFiles.read(manifestUri);
      String digest = FileDigests.sha256(bytes);
      if (!digest.equals(expected)) {
        throw new DataException(Damage.digest(manifestUri, expected, digest).text());
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      return new Artifact(
          root, folder(stage, fingerprint) + "/" + attempt, Manifest.parse(manifestUri, text));
    } catch (FileNotFoundException e) {
      throw new DataException(Damage.missing(manifestUri, "the committed manifest").text(), e);
    }
  }

  /** Whether the files of an artifact that is just being committed are there, in their sizes. */
  List<Damage> firstLook(Artifact artifact) throws IOException {
    return files.firstLook(artifact.manifest().files());
  }

  /** What is wrong with the files of an artifact; empty if nothing. */
  List<Damage> damage(Artifact artifact) throws IOException {
    return files.check(artifact.manifest().files());
  }

  /** The same with every byte read now, whatever is remembered. */
  List<Damage> damageReadingAll(Artifact artifact) throws IOException {
    return files.checkAgain(artifact.manifest().files());
  }

  private static String text(String uri) throws IOException {
    return new String(StoredFiles.read(uri), StandardCharsets.UTF_8);
  }
}
