package io.facet.pipelines.cli;

/** What to tell a person about a failure. */
final class FailureText {
  private FailureText() {}

  /** The message, or the kind of failure when it has none. */
  static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }
}
