package io.facet.transforms.file;

import io.facet.models.RecipeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Whole files and listings of one kind of shared storage, such as S3. Beam's file system of that
 * kind reads and writes what is streamed; what it does with one request too many for each file, or
 * with errors that name no cure, is done here. One implementation a scheme, found by {@link
 * ServiceLoader}; {@link StoredFiles} is what others call.
 *
 * <p>Failures that the user can mend (no such bucket, credentials that have expired) are told as
 * such; others are {@link IOException}s.
 */
public interface SharedFiles {
  /** URI schemes it serves. */
  Set<String> schemes();

  /**
   * Tells Beam's file system how the storage is reached, by options that travel to the workers.
   * They never hold credentials: each process has its own. Does nothing where the libraries of the
   * storage are missing.
   */
  void configure(PipelineOptions options);

  /**
   * Refuses a process without the libraries of the storage.
   *
   * @throws RecipeException that says how to get them
   */
  void requireLibraries();

  /**
   * The first bytes of a file, all if it has no more than {@code limit}.
   *
   * @throws FileNotFoundException if there is none
   */
  byte[] read(String uri, int limit) throws IOException;

  /** Creates or replaces a file; no reader ever sees a part of it. */
  void write(String uri, byte[] bytes) throws IOException;

  /**
   * Size and time of a file, under its own name.
   *
   * @throws FileNotFoundException if there is none
   */
  StoredFiles.Listed stat(String uri) throws IOException;

  /** All files below a folder, at any depth and in any order; none if it is not there. */
  List<StoredFiles.Listed> list(String folderUri) throws IOException;

  /** Names of the folders directly below a folder, in any order; none if it is not there. */
  List<String> folders(String folderUri) throws IOException;

  /** Deletes files; those that are gone already do not matter. */
  void delete(List<String> uris) throws IOException;

  /**
   * What serves the scheme of a URI; empty for local files and where Beam alone serves it.
   *
   * @throws RecipeException if the libraries of the storage are not on the class path
   */
  static Optional<SharedFiles> of(String uri) {
    int colon = uri.indexOf("://");
    if (colon < 2) {
      return Optional.empty();
    }
    String scheme = uri.substring(0, colon);
    for (SharedFiles candidate : Known.ALL) {
      if (candidate.schemes().contains(scheme)) {
        candidate.requireLibraries();
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Fresh options for a pipeline whose workers reach what this process reaches. */
  static PipelineOptions options() {
    PipelineOptions options = PipelineOptionsFactory.create();
    for (SharedFiles storage : Known.ALL) {
      storage.configure(options);
    }
    return options;
  }

  /** All that the class path has, looked for once. */
  final class Known {
    private static final List<SharedFiles> ALL =
        ServiceLoader.load(SharedFiles.class, SharedFiles.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    private Known() {}
  }
}
