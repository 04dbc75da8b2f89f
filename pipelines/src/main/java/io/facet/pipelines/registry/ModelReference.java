package io.facet.pipelines.registry;

import io.facet.models.RecipeException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a registered model as people name it: {@code models:/NAME@ALIAS} or {@code
 * models:/NAME/VERSION}.
 *
 * @param model name in the registry
 * @param alias that points to the version; empty if its number is given
 * @param version number, from 1; 0 if its alias is given
 */
public record ModelReference(String model, Optional<String> alias, long version) {
  private static final String SCHEME = "models:";
  private static final Pattern FORM =
      Pattern.compile(
          "models:/(?<model>[^/@:]+)(?:@(?<alias>[^/@:]+)|/(?<version>[1-9][0-9]{0,17}))");

  /** Whether a text means a model of the registry and not a file. */
  public static boolean is(String text) {
    return text.startsWith(SCHEME);
  }

  /**
   * Reads a reference.
   *
   * @throws RecipeException if it has another form
   */
  public static ModelReference parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new RecipeException(
          "'%s' names no version of a registered model: write models:/NAME@ALIAS or models:/NAME/VERSION, such as models:/demo@champion or models:/demo/3"
              .formatted(text));
    }
    String number = form.group("version");
    return new ModelReference(
        form.group("model"),
        Optional.ofNullable(form.group("alias")),
        number == null ? 0 : Long.parseLong(number));
  }

  @Override
  public String toString() {
    return "models:/" + model + alias.map(name -> "@" + name).orElse("/" + version);
  }
}
