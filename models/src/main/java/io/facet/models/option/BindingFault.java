package io.facet.models.option;

/**
 * One thing wrong in a tree that was to be bound to a record.
 *
 * @param pointer JSON pointer of the place, {@code ""} for the root, {@code /distill/epochs}
 * @param message what is wrong and what is allowed, in one line, without the place
 */
public record BindingFault(String pointer, String message) {

  /** The pointer as users write keys: {@code distill.epochs}, {@code teachers[0].name}. */
  public String place() {
    if (pointer.isEmpty()) {
      return "";
    }
    StringBuilder place = new StringBuilder();
    for (String step : pointer.substring(1).split("/", -1)) {
      if (step.matches("\\d+")) {
        place.append('[').append(step).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return place.toString();
  }

  @Override
  public String toString() {
    return pointer.isEmpty() ? message : place() + ": " + message;
  }

  /** The pointer of a child. */
  static String child(String pointer, String step) {
    return pointer + "/" + step.replace("~", "~0").replace("/", "~1");
  }
}
