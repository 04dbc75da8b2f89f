package io.facet.models;

/**
 * Something the user wrote is wrong and the user can mend it: a recipe, an option, a command line.
 *
 * <p>The message names the place (file, line or field), what is wrong, and the allowed values or
 * the cure, in one line. The command line prints it without a stack trace and exits with 2.
 */
public class RecipeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RecipeException(String message) {
    super(message);
  }

  public RecipeException(String message, Throwable cause) {
    super(message, cause);
  }
}
