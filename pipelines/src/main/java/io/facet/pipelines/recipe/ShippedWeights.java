package io.facet.pipelines.recipe;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Weights that come with Facet, among the resources of its jar. Recipes name them {@code
 * shipped:FILE}, with their digest.
 */
public final class ShippedWeights {
  /** What drawn faces look like to a Transformer that has seen many; see the text beside it. */
  private static final List<String> FILES = List.of("drawn-teacher.safetensors");

  private static final String SCHEME = "shipped:";

  private ShippedWeights() {}

  /** Whether a path of a recipe names weights that come with Facet. */
  public static boolean names(String path) {
    return path.startsWith(SCHEME);
  }

  /**
   * All bytes of a file.
   *
   * @param path {@code shipped:FILE}
   * @throws FileNotFoundException if no such file comes with Facet
   */
  public static byte[] read(String path) throws IOException {
    String resource = "/shipped/" + path.substring(SCHEME.length());
    try (InputStream stream = ShippedWeights.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new FileNotFoundException(path + " is not among the resources of Facet");
      }
      return stream.readAllBytes();
    }
  }

  /** What is wrong with a path that names shipped weights, if anything. */
  static Optional<String> fault(String path) {
    if (!names(path) || FILES.contains(path.substring(SCHEME.length()))) {
      return Optional.empty();
    }
    return Optional.of(
        "no weights of that name come with Facet; known: "
            + FILES.stream().map(SCHEME::concat).collect(Collectors.joining(", ")));
  }
}
