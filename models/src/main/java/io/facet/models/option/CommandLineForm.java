package io.facet.models.option;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.RecipeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the command line spells an extension, {@code KEY:ARGUMENT}.
 *
 * @param argument what follows the colon, such as {@code FOLDER}
 * @param options those that an argument stands for; {@link IllegalArgumentException} if it does not
 *     fit, with the reason
 */
public record CommandLineForm(String argument, Function<String, Map<String, ?>> options) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * The extension that a text spells.
   *
   * @param option of the command line, for messages
   * @throws RecipeException if no extension of that kind is spelled so, or the argument does not
   *     fit it
   */
  public static <E extends Extension<?>> Selected<E> parse(
      String option, Class<? super E> kind, String text) {
    int colon = text.indexOf(':');
    String key = text.substring(0, Math.max(0, colon));
    CommandLineForm form =
        form(kind, key)
            .orElseThrow(
                () ->
                    new RecipeException(
                        "%s: '%s' is none of %s"
                            .formatted(option, text, String.join(", ", spellings(kind)))));
    if (colon == text.length() - 1) {
      throw new RecipeException(
          "%s: '%s' says nothing behind the colon; must be %s:%s"
              .formatted(option, text, key, form.argument()));
    }
    try {
      Map<String, ?> options = form.options().apply(text.substring(colon + 1));
      return RecordBinder.select(kind, key, JSON.valueToTree(options).toString());
    } catch (IllegalArgumentException e) {
      throw new RecipeException("%s: %s:%s".formatted(option, key, e.getMessage()), e);
    }
  }

  /** The form of the extension with that key. */
  public static Optional<CommandLineForm> form(Class<?> kind, String key) {
    Extension<?> extension = Extensions.all(TreeBinding.asKind(kind)).get(key);
    return extension == null ? Optional.empty() : extension.commandLineForm();
  }

  /** All spellings of a kind, {@code KEY:ARGUMENT}, in alphabetical order. */
  public static List<String> spellings(Class<?> kind) {
    return TreeBinding.keys(kind).stream()
        .flatMap(key -> form(kind, key).map(form -> key + ":" + form.argument()).stream())
        .toList();
  }
}
