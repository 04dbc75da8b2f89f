package io.facet.tracking.delivery;

import io.facet.tracking.rest.MlflowFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * How long delivery rests after a failure: twice as long each time, at least as long as the server
 * asks for, at most half a minute. Holds no clock, so that tests may have one of their own.
 */
public final class RetryBackoff {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LONGEST_IN_CLOSING = Duration.ofSeconds(1);
  private static final int CLOSING_ATTEMPTS = 3;
  private static final int MOST_DOUBLINGS = 10;

  private int failures;

  /** Failures since the last success. */
  public int failures() {
    return failures;
  }

  /** Something was delivered. */
  public void succeeded() {
    failures = 0;
  }

  /**
   * Notes a failure; answers the rest before the next try, or empty to give up, which happens only
   * when {@code closing}: what is left then stays in the outbox.
   */
  public Optional<Duration> failed(MlflowFailure failure, boolean closing) {
    failures++;
    if (closing && hopeless(failure.kind())) {
      return Optional.empty();
    }
    Duration rest = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    if (failure.retryAfter().compareTo(rest) > 0) {
      rest = failure.retryAfter();
    }
    Duration longest = closing ? LONGEST_IN_CLOSING : LONGEST;
    return Optional.of(rest.compareTo(longest) > 0 ? longest : rest);
  }

  private boolean hopeless(MlflowFailure.Kind kind) {
    return switch (kind) {
      case UNAUTHORISED, DELETED, MISSING, TIMEOUT -> true;
      case UNREACHABLE -> failures >= CLOSING_ATTEMPTS;
      default -> false;
    };
  }
}
