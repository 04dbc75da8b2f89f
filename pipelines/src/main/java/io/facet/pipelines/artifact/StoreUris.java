package io.facet.pipelines.artifact;

import io.facet.models.RecipeException;
import java.nio.file.Path;

/** Names of places in a store, relative ones so that a store can be moved. */
final class StoreUris {
  private StoreUris() {}

  /**
   * A user's {@code --store} as a URI without a slash at its end.
   *
   * @throws RecipeException if it holds characters that Beam takes for patterns
   */
  static String root(String given) {
    if (given.isBlank() || given.matches(".*[*?\\[\\]{}].*")) {
      throw new RecipeException(
          "--store '%s': must be a folder whose path holds none of * ? [ ] { }".formatted(given));
    }
    if (LocalFiles.isLocal(given)) {
      return LocalFiles.path(given).toAbsolutePath().normalize().toString();
    }
    return given.replaceAll("/+$", "");
  }

  /** The part below the store, or the whole URI of a file elsewhere. */
  static String relative(String root, String uri) {
    String plain = LocalFiles.isLocal(uri) ? LocalFiles.path(uri).toString() : uri;
    return plain.startsWith(root + "/") ? plain.substring(root.length() + 1) : plain;
  }

  static String absolute(String root, String uri) {
    boolean relative =
        LocalFiles.isLocal(uri) && !uri.startsWith("file:") && !Path.of(uri).isAbsolute();
    return relative ? root + "/" + uri : uri;
  }
}
