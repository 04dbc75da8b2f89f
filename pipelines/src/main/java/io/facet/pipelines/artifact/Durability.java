package io.facet.pipelines.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Forces an artifact's files to the disk before the commit names them. */
final class Durability {
  private Durability() {}

  /** All files of the manifest, the manifest itself, and the folders that list them. */
  static void force(Artifact artifact, String root) throws IOException {
    if (!LocalFiles.isLocal(root)) {
      return; // object stores and HDFS acknowledge closed files when they are safe
    }
    Set<Path> files = new LinkedHashSet<>();
    artifact
        .manifest()
        .tables()
        .forEach(table -> table.files().forEach(file -> add(files, artifact, file)));
    artifact.manifest().attachments().forEach(a -> add(files, artifact, a.file()));
    files.add(LocalFiles.path(artifact.uri() + "/manifest.json"));
    Path top = LocalFiles.path(root);
    Set<Path> folders = new LinkedHashSet<>();
    for (Path file : files) {
      LocalFiles.force(file);
      for (Path at = file.getParent();
          at != null && at.startsWith(top) && folders.add(at);
          at = at.getParent()) {
        LocalFiles.force(at);
      }
    }
  }

  private static void add(Set<Path> files, Artifact artifact, Manifest.DataFile file) {
    String uri = artifact.resolve(file);
    if (LocalFiles.isLocal(uri)) {
      files.add(LocalFiles.path(uri));
    }
  }
}
