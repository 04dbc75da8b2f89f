package io.facet.tracking.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the store's MLflow server is.
 *
 * @param state in one word
 * @param uri its address, while it runs
 * @param pid its process, or 0
 * @param log its log file
 * @param detail what a person should know: why it does not run and what to do
 */
public record ServerStatus(State state, Optional<URI> uri, long pid, Path log, String detail) {

  /** States of a server. */
  public enum State {
    /** It answers. */
    RUNNING,
    /** Its process lives but does not answer. */
    NOT_ANSWERING,
    /** There is no process. */
    STOPPED,
    /** It cannot run here: Python or the installation is missing. Tracking stays local. */
    UNAVAILABLE,
    /** The port belongs to somebody else. */
    PORT_OCCUPIED,
    /** It was started and ended at once, or did not answer in time. */
    FAILED
  }

  /** Whether it answers. */
  public boolean running() {
    return state == State.RUNNING;
  }
}
