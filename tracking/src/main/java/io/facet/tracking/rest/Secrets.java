package io.facet.tracking.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes passwords and tokens out of texts before they are kept or shown. */
public final class Secrets {
  /** What stands in a secret's place; in a recipe too this is a plain text. */
  public static final String HIDDEN = "(hidden)";

  private static final int SHORTEST = 6;
  private static final List<String> SECRET_NAMES =
      List.of("PASSWORD", "PASSWD", "TOKEN", "SECRET", "CREDENTIAL", "API_KEY", "ACCESS_KEY");
  private static final Pattern USER_IN_ADDRESS = Pattern.compile("(?<=://)[^/\\s@]+@");
  private static final Pattern AUTHORISATION =
      Pattern.compile("(?i)\\b(authorization: *\\S+|bearer) +[A-Za-z0-9._~+/=-]{8,}");

  /** {@code name: value}, {@code "name": "value"}, {@code name=value}, also in escaped JSON. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:(?<![a-z0-9])|(?<=\\\\n))(?:[a-z0-9_.-]*[_.-])?(?:"
              + String.join("|", SECRET_NAMES).replace("_", "[-_.]")
              + ")\\\\?['\"]?[ \\t]*[:=][ \\t]*)"
              + "(\\\\?\"[^\"\\n]*\"|'[^'\\n]*'|(?!\\(hidden)[^\\s'\"\\\\,;&{}\\[\\]]+)");

  private final List<String> values;

  private Secrets(List<String> values) {
    this.values = values;
  }

  /** Knows the values of all variables whose name sounds secret, such as {@code ..._PASSWORD}. */
  public static Secrets of(Map<String, String> environment) {
    return new Secrets(
        environment.entrySet().stream()
            .filter(variable -> isSecretName(variable.getKey()))
            .map(Map.Entry::getValue)
            .filter(value -> value.length() >= SHORTEST)
            .sorted((a, b) -> Integer.compare(b.length(), a.length()))
            .toList());
  }

  /** Whether a variable, parameter or field of this name holds a secret. */
  public static boolean isSecretName(String name) {
    String upper = name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    return SECRET_NAMES.stream().anyMatch(word -> upper.equals(word) || upper.endsWith("_" + word));
  }

  /**
   * The text without known secrets, user names in addresses, authorisation headers, and values
   * whose name sounds secret.
   */
  public String redact(String text) {
    String clean = text;
    for (String value : values) {
      clean = clean.replace(value, HIDDEN);
    }
    clean = USER_IN_ADDRESS.matcher(clean).replaceAll(HIDDEN + "@");
    clean = AUTHORISATION.matcher(clean).replaceAll("$1 " + HIDDEN);
    return NAMED.matcher(clean).replaceAll(Secrets::withoutValue);
  }

  private static String withoutValue(MatchResult named) {
    String quote = named.group(2).replaceFirst("(?s)^(\\\\?\"|'|).*", "$1");
    return Matcher.quoteReplacement(named.group(1) + quote + HIDDEN + quote);
  }

  /** An address without user and password. */
  public static String withoutUser(URI address) {
    if (address.getRawUserInfo() == null) {
      return address.toString();
    }
    try {
      return new URI(
              address.getScheme(),
              null,
              address.getHost(),
              address.getPort(),
              address.getPath(),
              address.getQuery(),
              address.getFragment())
          .toString();
    } catch (URISyntaxException e) {
      return HIDDEN;
    }
  }
}
