package io.facet.tracking;

import io.facet.tracking.rest.Secrets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes names and values fit what MLflow takes, so that nothing is refused for its length. */
final class Limits {
  static final int KEY = 250;
  static final int PARAM = 6000;
  static final int TAG = 5000;

  private Limits() {}

  /**
   * A key MLflow takes: letters, digits, {@code _ - . space : /}; others become {@code _}. Empty
   * path parts and leading or trailing slashes go away.
   */
  static String key(String key) {
    String clean =
        key.replaceAll("[^\\p{L}\\p{N}_\\-. :/]", "_")
            .replaceAll("(^|/)\\.{1,2}(?=/|$)", "$1_")
            .replaceAll("/{2,}", "/")
            .replaceAll("^/|/$", "");
    if (clean.isBlank()) {
      clean = "_";
    }
    return clean.length() <= KEY ? clean : clean.substring(0, KEY);
  }

  /** A name MLflow takes for a logged model: {@code / : . % " '} become {@code -}. */
  static String modelName(String name) {
    String clean = name.replaceAll("[/:.%\"']", "-");
    return clean.length() <= KEY ? clean : clean.substring(0, KEY);
  }

  /** The map with fitting keys and values of at most {@code longest} characters. */
  static Map<String, String> fit(Map<String, String> values, int longest, Secrets secrets) {
    Map<String, String> fitting = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          String clean = Secrets.isSecretName(key) ? Secrets.HIDDEN : secrets.redact(value);
          fitting.put(key(key), cut(clean, longest));
        });
    return fitting;
  }

  /** The text, or its beginning with a note of how long it was. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    String note = "… [cut, was " + text.length() + " characters]";
    return text.substring(0, longest - note.length()) + note;
  }
}
