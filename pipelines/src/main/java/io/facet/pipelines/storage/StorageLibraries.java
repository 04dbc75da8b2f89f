package io.facet.pipelines.storage;

import io.facet.models.RecipeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The libraries of shared storage, tens of megabytes that lie beside the distribution in a folder
 * of their own: the launcher puts it on the class path, and a cluster gets its jars with each job.
 */
public final class StorageLibraries {
  /** How the folder is filled, in a checkout. */
  public static final String COMMAND = "mvn -q -B -ntp -DskipTests -Pstorage package";

  private static final String FOLDER = "storage";

  private StorageLibraries() {}

  /** Whether a class of a library can be found. */
  public static boolean present(String type) {
    try {
      Class.forName(type, false, StorageLibraries.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Refuses a process that cannot find a class of a library.
   *
   * @param scheme that needs it
   * @throws RecipeException that says how to get it
   */
  public static void require(String scheme, String type) {
    if (!present(type)) {
      throw new RecipeException(scheme + ":// needs libraries that are not here: " + cure());
    }
  }

  /** How to get them, as a part of a sentence. */
  public static String cure() {
    return "run '%s' once, which puts them into dist/%s (infra/docs/storage.md)"
        .formatted(COMMAND, FOLDER);
  }

  /** The jars, by name; none if the folder is not there. */
  public static List<Path> jars() {
    try {
      Path own =
          Path.of(
              StorageLibraries.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path dist =
          Files.isDirectory(own)
              ? own.resolveSibling("dist")
              : own.getParent().getFileName().toString().equals("lib")
                  ? own.getParent().getParent()
                  : own.getParent();
      return jars(dist.resolve(FOLDER));
    } catch (URISyntaxException e) {
      throw new IllegalStateException("our own jar has no usable address", e);
    }
  }

  private static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
