package io.facet.transforms.source;

import java.util.regex.Pattern;

/** Paths and URIs of sources. */
public final class Locations {
  private static final Pattern ABSOLUTE =
      Pattern.compile("/.*|[A-Za-z]:[\\\\/].*|[a-z][a-z0-9+.-]*:/.*");

  private Locations() {}

  /**
   * A location as the recipe gives it, resolved against a folder unless it is absolute or a URI.
   *
   * @param root folder, path or URI
   */
  public static String resolve(String root, String location) {
    if (root.isEmpty() || ABSOLUTE.matcher(location).matches()) {
      return location;
    }
    return root.endsWith("/") ? root + location : root + "/" + location;
  }
}
