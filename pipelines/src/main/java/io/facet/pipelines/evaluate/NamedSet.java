package io.facet.pipelines.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.RecipeException;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSpec;
import java.nio.file.Path;

/** Verification sets as the command line names them: {@code KIND:PATH}. */
public final class NamedSet {
  private static final int SYNTHETIC_FIRST = 1_000_000;

  private NamedSet() {}

  /**
   * The source behind a name.
   *
   * @throws RecipeException if the kind is unknown or the rest does not fit it
   */
  public static SourceSpec parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new RecipeException("--on: must be KIND:PATH, is '" + text + "'");
    }
    String kind = text.substring(0, colon);
    String rest = text.substring(colon + 1);
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    switch (kind) {
      case "lfw-pairs" -> {
        Path folder = Path.of(rest).toAbsolutePath();
        options.put("pairs", folder.resolve("pairs.txt").toString());
        options.put("images", folder.resolve("images").toString());
      }
      case "csv-pairs" -> {
        Path pairs = Path.of(rest).toAbsolutePath();
        options.put("pairs", pairs.toString());
        options.put("images", pairs.resolveSibling("images").toString());
      }
      case "bin" -> options.put("path", Path.of(rest).toAbsolutePath().toString());
      case "synthetic" -> {
        options.put("population", number(rest));
        options.put("firstIdentity", SYNTHETIC_FIRST);
        options.put("identities", 100);
        options.put("shots", 6);
        options.put("pairs", 600);
      }
      default ->
          throw new RecipeException(
              "--on: unknown kind '%s'; known: lfw-pairs, csv-pairs, bin, synthetic"
                  .formatted(kind));
    }
    Selected<FaceSource<?>> source =
        RecordBinder.select(FaceSource.class, kind, options.toString());
    return SourceSpec.verification(setName(kind, rest), source);
  }

  private static String setName(String kind, String rest) {
    Path last = Path.of(rest).getFileName();
    return kind + "-" + (last == null ? "set" : last.toString().replaceAll("[.]csv$", ""));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new RecipeException("--on: synthetic:SEED needs a whole number, is '" + text + "'", e);
    }
  }
}
