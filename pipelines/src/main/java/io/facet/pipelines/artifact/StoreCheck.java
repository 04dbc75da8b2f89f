package io.facet.pipelines.artifact;

import io.facet.models.DataException;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads every byte of a store, or of a part of it, and compares it with what was committed. Nothing
 * is changed but the digests that are remembered.
 */
public final class StoreCheck {
  /** Folder of files from elsewhere, each named by its SHA-256. */
  public static final String DOWNLOADS = "downloads";

  private static final int DEEPEST = 5;

  private final String root;
  private final CommittedArtifacts committed;
  private int artifacts;
  private int files;
  private long bytes;
  private final List<String> damaged = new ArrayList<>();
  private final List<String> setAside = new ArrayList<>();

  /**
   * What was found.
   *
   * @param artifacts committed ones that were read
   * @param files that were read
   * @param bytes of these
   * @param damaged a line for each damaged file
   * @param setAside folders of what was found damaged earlier and made again since
   */
  public record Report(
      int artifacts, int files, long bytes, List<String> damaged, List<String> setAside) {}

  private StoreCheck(String root) {
    this.root = root;
    this.committed = new CommittedArtifacts(root);
  }

  /**
   * Checks what is at a place.
   *
   * @param place a store, or anything below it: the folder of a stage or an artifact, or a file
   * @throws DataException if no artifact is there
   */
  public static Report of(String place) {
    String at = StoreUris.root(place);
    try {
      String artifact = artifactOf(at);
      boolean stage = artifact.isEmpty() && holdsCommitted(at);
      StoreCheck check =
          new StoreCheck(artifact.isEmpty() ? (stage ? parent(at) : at) : parent(parent(artifact)));
      if (!artifact.isEmpty()) {
        check.fingerprint(name(parent(artifact)), name(artifact));
      } else if (stage) {
        check.stage(name(at));
      } else {
        check.all();
      }
      if (check.artifacts + check.files + check.damaged.size() + check.setAside.size() == 0) {
        throw new DataException(place + ": no artifact is there; give a store or a part of one");
      }
      return new Report(
          check.artifacts,
          check.files,
          check.bytes,
          List.copyOf(check.damaged),
          List.copyOf(check.setAside));
    } catch (IOException e) {
      throw StoreErrors.failed("read", at, e);
    }
  }

  /** The folder of a fingerprint above a place, or the place itself; empty if there is none. */
  private static String artifactOf(String place) throws IOException {
    if (StoreFolders.names(place).stream().anyMatch(name -> name.startsWith("attempt-"))) {
      return place;
    }
    String at = place;
    for (int depth = 0; depth < DEEPEST && isBelowRoot(at); depth++, at = parent(at)) {
      if (StoredFiles.exists(at + "/" + CommittedArtifacts.MARKER)) {
        return at;
      }
    }
    return "";
  }

  /** Whether there is a folder above: not for {@code /} and {@code s3://bucket}. */
  private static boolean isBelowRoot(String uri) {
    int scheme = uri.indexOf("://");
    return uri.lastIndexOf('/') > (scheme < 0 ? 0 : scheme + 2);
  }

  private static boolean holdsCommitted(String folder) throws IOException {
    for (String name : StoreFolders.names(folder)) {
      if (StoredFiles.exists(folder + "/" + name + "/" + CommittedArtifacts.MARKER)) {
        return true;
      }
    }
    return false;
  }

  private void all() throws IOException {
    for (String stage : StoreFolders.names(root)) {
      if (stage.equals(DOWNLOADS)) {
        downloads();
      } else {
        stage(stage);
      }
    }
  }

  private void stage(String stage) throws IOException {
    for (String fingerprint : StoreFolders.names(root + "/" + stage)) {
      fingerprint(stage, fingerprint);
    }
  }

  private void fingerprint(String stage, String fingerprint) throws IOException {
    Optional<String> current = Optional.empty();
    if (committed.there(stage, fingerprint)) {
      artifacts++;
      try {
        Artifact artifact = committed.read(stage, fingerprint);
        current = Optional.of(artifact.uri());
        for (Manifest.DataFile file : artifact.manifest().files()) {
          files++;
          bytes += file.bytes();
        }
        committed.damageReadingAll(artifact).forEach(one -> damaged.add(one.text()));
      } catch (DataException e) {
        damaged.add(e.getMessage());
      }
    }
    for (AttemptFolder attempt : Attempts.of(root, stage, fingerprint)) {
      if (SetAside.is(attempt)) {
        setAside.add(attempt.uri());
      } else if (!current.equals(Optional.of(attempt.uri()))) {
        damaged.addAll(attempt.damaged());
      }
    }
  }

  private void downloads() throws IOException {
    for (StoredFiles.Listed file : StoredFiles.list(root + "/" + DOWNLOADS)) {
      if (!file.name().matches("[0-9a-fA-F]{64}")) {
        continue; // set aside
      }
      files++;
      bytes += file.size();
      String digest = FileDigests.sha256(file.uri());
      if (!digest.equalsIgnoreCase(file.name())) {
        damaged.add(Damage.digest(file.uri(), file.name(), digest).text());
      }
    }
  }

  private static String parent(String uri) {
    return uri.substring(0, uri.lastIndexOf('/'));
  }

  private static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}
