package io.facet.tracking.rest;

import java.time.Duration;

/** A call to MLflow that did not succeed, and what follows from it. */
public final class MlflowFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_REPLY = 500;

  /** Why it failed. */
  public enum Kind {
    /** Nobody answers at the address, or the connection broke. Try again later. */
    UNREACHABLE,
    /** No answer within the deadline; it may have been done or not. Try again later. */
    TIMEOUT,
    /** The server is in trouble or busy (5xx, 408, 429), or it is not MLflow. Try again later. */
    TROUBLE,
    /** Credentials are missing or wrong. Try again when the user has mended them. */
    UNAUTHORISED,
    /** It belongs to an experiment that was deleted and can be restored. Try again after that. */
    DELETED,
    /** MLflow says the thing asked about is not there. */
    MISSING,
    /** MLflow will never take this. */
    REFUSED
  }

  private final Kind kind;
  private final Duration retryAfter;
  private final boolean unknownCall;

  /** A failure with the words shown to people. */
  public MlflowFailure(Kind kind, String message, Throwable cause) {
    this(kind, message, cause, Duration.ZERO, false);
  }

  private MlflowFailure(
      Kind kind, String message, Throwable cause, Duration retryAfter, boolean unknownCall) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.unknownCall = unknownCall;
  }

  /**
   * Whether the server may not know this call at all, as older ones do not know the newer calls. A
   * wrong address answers the same: that another call succeeds tells them apart.
   */
  public boolean unknownCall() {
    return unknownCall;
  }

  /** How long the server asks us to wait, or nothing. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** Why it failed. */
  public Kind kind() {
    return kind;
  }

  /** Whether the same call may succeed later. */
  public boolean passing() {
    return kind != Kind.MISSING && kind != Kind.REFUSED;
  }

  /**
   * Reads an HTTP reply. Only MLflow itself refuses for good: its replies carry an error code,
   * those of a proxy or a wrong address do not.
   *
   * @param retryAfter what the server asks for, or nothing
   */
  public static MlflowFailure of(String what, int status, String reply, Duration retryAfter) {
    String start = reply == null ? "" : reply.strip();
    if (start.length() > LONGEST_REPLY) {
      start = start.substring(0, LONGEST_REPLY) + "…";
    }
    String message = what + ": HTTP " + status + " " + start;
    boolean fromMlflow = start.contains("error_code");
    Kind kind;
    if (status == 401 || status == 403) {
      kind = Kind.UNAUTHORISED;
      message =
          what
              + ": the server refuses the credentials (HTTP "
              + status
              + "); set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
              + "MLFLOW_TRACKING_TOKEN";
    } else if (status == 408 || status == 429 || status >= 500 || status < 400 || !fromMlflow) {
      kind = Kind.TROUBLE;
    } else if (status == 404) {
      kind = Kind.MISSING;
    } else {
      kind = Kind.REFUSED;
    }
    boolean unknownCall =
        (status == 404 || status == 405) && (!fromMlflow || start.contains("ENDPOINT_NOT_FOUND"));
    return new MlflowFailure(kind, message, null, retryAfter, unknownCall);
  }
}
