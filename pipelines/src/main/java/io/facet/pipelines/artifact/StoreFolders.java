package io.facet.pipelines.artifact;

import io.facet.transforms.file.SharedFiles;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Folders directly below a folder; object stores know files only. */
final class StoreFolders {
  private StoreFolders() {}

  /** Their names in order; none if the folder is not there. */
  static List<String> names(String uri) throws IOException {
    Optional<SharedFiles> shared = SharedFiles.of(uri);
    if (shared.isPresent()) {
      return shared.get().folders(uri).stream()
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
    if (!LocalFiles.isLocal(uri)) {
      TreeSet<String> names = new TreeSet<>();
      for (StoredFiles.Listed file : StoredFiles.list(uri)) {
        int slash = file.name().indexOf('/');
        if (slash > 0) {
          names.add(file.name().substring(0, slash));
        }
      }
      return List.copyOf(names);
    }
    Path folder = LocalFiles.path(uri);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }
}
