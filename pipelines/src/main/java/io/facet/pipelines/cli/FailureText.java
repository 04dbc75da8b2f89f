package io.facet.pipelines.cli;

import io.facet.pipelines.plan.ExitCodes;
import java.util.concurrent.CancellationException;

/** What to tell a person about a failure. */
final class FailureText {
  private static final int MAXIMUM_DEPTH = 50;

  private FailureText() {}

  /**
   * The message, or the kind of failure when it has none. A failure that nobody foresaw is told
   * with the cause at its bottom, which runners wrap in messages of their own.
   */
  static String of(Throwable failure) {
    String text = own(failure);
    if (ExitCodes.of(failure) != ExitCodes.BUG || failure instanceof CancellationException) {
      return text;
    }
    Throwable bottom = failure;
    for (int depth = 0; bottom.getCause() != null && depth < MAXIMUM_DEPTH; depth++) {
      bottom = bottom.getCause();
    }
    String cause = own(bottom).lines().findFirst().orElse("");
    return text.contains(cause)
        ? text
        : "%s: %s: %s".formatted(text, bottom.getClass().getSimpleName(), cause);
  }

  private static String own(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }
}
