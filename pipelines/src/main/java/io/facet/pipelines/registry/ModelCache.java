package io.facet.pipelines.registry;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Model files fetched before, each in a folder by server, name, version and SHA-256, in {@code
 * FACET_CACHE} or {@code ~/.cache/facet}.
 *
 * @param folder of one version
 */
record ModelCache(Path folder) {
  static ModelCache of(Map<String, String> environment, String server, String model, long version) {
    String chosen = environment.getOrDefault("FACET_CACHE", "");
    Path cache =
        chosen.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "facet")
            : Path.of(chosen).toAbsolutePath();
    return new ModelCache(
        cache
            .resolve("models")
            .resolve(safe(server.replaceFirst("^https?://", "")))
            .resolve(safe(model))
            .resolve(Long.toString(version)));
  }

  /** Names that differ only here share a folder, and are told apart by the digest below it. */
  private static String safe(String name) {
    return name.replaceAll("[^\\p{L}\\p{N}_-]", "_");
  }

  /** Where a file of this digest is kept. */
  Path place(String sha256, String name) {
    return folder.resolve(sha256).resolve(name);
  }

  /** Whether the file is there and still has its digest. */
  boolean holds(String sha256, String name) throws IOException {
    Path file = place(sha256, name);
    return Files.isRegularFile(file) && FileDigests.sha256(file.toString()).equals(sha256);
  }

  /**
   * Keeps a file, whole or not at all.
   *
   * @throws InfrastructureException if it cannot be written
   */
  void keep(String sha256, String name, byte[] bytes) {
    Path file = place(sha256, name);
    try {
      Files.createDirectories(file.getParent());
      LocalFiles.replace(file.toString(), bytes);
    } catch (IOException e) {
      throw new InfrastructureException(
          "%s cannot be written: %s; make room, or set FACET_CACHE to another folder"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
