package io.facet.pipelines.artifact;

import io.facet.models.RecipeException;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/**
 * Creates an object whole, unless one is there: the one operation a commit needs and Beam's file
 * systems lack. One implementation a scheme, found by {@link ServiceLoader}.
 */
public interface PutIfAbsent {
  /** URI schemes it serves; {@code file} also stands for plain paths. */
  Set<String> schemes();

  /**
   * Creates the object with these bytes; durable and whole when this returns true.
   *
   * @return false if there is one already; it is left as it is
   */
  boolean put(String uri, byte[] bytes) throws IOException;

  /**
   * The implementation for a place.
   *
   * @throws RecipeException if no implementation serves its scheme
   */
  static PutIfAbsent forUri(String uri) {
    String scheme = scheme(uri);
    Set<String> known = new TreeSet<>();
    for (PutIfAbsent candidate :
        ServiceLoader.load(PutIfAbsent.class, PutIfAbsent.class.getClassLoader())) {
      if (candidate.schemes().contains(scheme)) {
        return candidate;
      }
      known.addAll(candidate.schemes());
    }
    throw new RecipeException(
        "--store %s: commits need an atomic put-if-absent, which Facet has for %s, not for '%s'"
            .formatted(uri, String.join(", ", known), scheme));
  }

  /** The scheme of a URI; {@code file} for a plain path. */
  static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return (colon > 1 && uri.startsWith("://", colon)) || uri.startsWith("file:")
        ? uri.substring(0, colon)
        : "file";
  }
}
