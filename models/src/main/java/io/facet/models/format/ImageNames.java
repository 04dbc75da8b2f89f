package io.facet.models.format;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names of images in lists, relative to the folder they stand in. */
final class ImageNames {
  private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:/.*|[a-z][a-z0-9+.-]+:.*");

  private ImageNames() {}

  /**
   * A name below the folder, with {@code /} between its parts and without {@code ./}.
   *
   * @param given as the list has it: relative, or absolute and below the folder
   * @param folder of the images
   * @param where file and line, for messages
   * @throws DataException if it is empty or lies elsewhere
   */
  static String below(String given, String folder, String where) {
    String name = given.strip().replace('\\', '/');
    if (name.isEmpty()) {
      throw new DataException(where + ": an image has no name; give it one or delete the line");
    }
    if (ABSOLUTE.matcher(name).matches()) {
      String root = folder.replace('\\', '/').replaceAll("/+$", "") + "/";
      if (!name.startsWith(root)) {
        throw elsewhere(given, folder, where);
      }
      name = name.substring(root.length());
    }
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          throw elsewhere(given, folder, where);
        }
        parts.remove(parts.size() - 1);
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      throw elsewhere(given, folder, where);
    }
    return String.join("/", parts);
  }

  private static DataException elsewhere(String given, String folder, String where) {
    return new DataException(
        "%s: '%s' does not lie below the image folder %s; name images relative to that folder"
            .formatted(where, given, folder));
  }
}
