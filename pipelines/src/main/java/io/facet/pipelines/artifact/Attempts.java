package io.facet.pipelines.artifact;

import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The attempts at an artifact, for those who only look. */
public final class Attempts {
  private Attempts() {}

  /** All that are in the store. */
  public static List<AttemptFolder> of(String root, String stage, String fingerprint)
      throws IOException {
    String folder = StoreUris.root(root) + "/" + stage + "/" + fingerprint;
    return StoreFolders.names(folder).stream()
        .filter(name -> name.startsWith("attempt-"))
        .map(name -> new AttemptFolder(folder + "/" + name))
        .toList();
  }

  /** The one in which something was written last: that of the work that goes on, if any does. */
  public static Optional<AttemptFolder> latest(String root, String stage, String fingerprint)
      throws IOException {
    Optional<AttemptFolder> latest = Optional.empty();
    long written = Long.MIN_VALUE;
    for (AttemptFolder attempt : of(root, stage, fingerprint)) {
      long last =
          attempt.list().stream()
              .map(StoredFiles.Listed::lastModified)
              .max(Comparator.naturalOrder())
              .orElse(0L);
      if (last > written) {
        written = last;
        latest = Optional.of(attempt);
      }
    }
    return latest;
  }
}
