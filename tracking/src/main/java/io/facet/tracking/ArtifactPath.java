package io.facet.tracking;

import java.util.Arrays;

/** The place of a file among a run's artifacts. */
final class ArtifactPath {
  private static final int LONGEST = 500;

  private ArtifactPath() {}

  /**
   * Answers the path if it is relative, with forward slashes and without {@code .} or {@code ..};
   * throws {@link IllegalArgumentException} otherwise.
   */
  static String check(String path) {
    boolean clean =
        !path.isBlank()
            && path.length() <= LONGEST
            && path.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':')
            && Arrays.stream(path.split("/", -1))
                .noneMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."));
    if (!clean) {
      throw new IllegalArgumentException(
          "An artifact path is relative, with forward slashes and without '..': '" + path + "'.");
    }
    return path;
  }
}
