package io.facet.transforms.file;

import java.nio.file.Path;

/** Where a machine keeps what it fetched: {@code FACET_CACHE}, or {@code ~/.cache/facet}. */
public final class CacheFolder {
  private CacheFolder() {}

  /** A part of it, which may not be there yet. */
  public static Path of(String part) {
    String chosen = System.getenv().getOrDefault("FACET_CACHE", "");
    Path cache =
        chosen.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "facet")
            : Path.of(chosen).toAbsolutePath();
    return cache.resolve(part);
  }
}
