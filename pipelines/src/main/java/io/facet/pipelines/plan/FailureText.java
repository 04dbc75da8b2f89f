package io.facet.pipelines.plan;

import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What to tell a person about a failure, in one line. */
public final class FailureText {
  private static final int MAXIMUM_DEPTH = 50;

  /** {@code java.io.IOException: message}. */
  private static final Pattern NAMED =
      Pattern.compile("(?:(?:[a-z]\\w*\\.)+([A-Z][\\w$]*): )+(.*)");

  private FailureText() {}

  /**
   * The message, or the kind of failure when it has none. A failure that nobody foresaw is told
   * with the cause at its bottom, which runners wrap in messages of their own.
   */
  public static String of(Throwable failure) {
    Throwable shown = Failures.shown(failure);
    if (ExitCodes.of(shown) != ExitCodes.BUG || shown instanceof CancellationException) {
      return own(shown);
    }
    String text = withCause(shown);
    String kind = kind(bottom(shown));
    return text.contains(kind) ? text : kind + ": " + text;
  }

  /** A failure's message and, unless that holds it, the first line of the cause at its bottom. */
  static String withCause(Throwable failure) {
    String text = message(failure);
    Throwable bottom = bottom(failure);
    String cause = message(bottom);
    return text.contains(cause) ? text : "%s: %s: %s".formatted(text, kind(bottom), cause);
  }

  private static Throwable bottom(Throwable failure) {
    return causes(failure).reduce((above, below) -> below).orElse(failure);
  }

  /** The first line, without the name of a class that wrappers and clusters put before it. */
  private static String message(Throwable failure) {
    String line = own(failure).lines().findFirst().orElse("");
    Matcher named = NAMED.matcher(line);
    return named.matches() ? named.group(2) : line;
  }

  /** The name of its class, or of the one it had on the cluster it comes from. */
  private static String kind(Throwable failure) {
    Matcher named = NAMED.matcher(own(failure).lines().findFirst().orElse(""));
    return named.matches() ? named.group(1) : failure.getClass().getSimpleName();
  }

  /** A failure and its causes, from the outside in. */
  static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .limit(MAXIMUM_DEPTH);
  }

  private static String own(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }
}
