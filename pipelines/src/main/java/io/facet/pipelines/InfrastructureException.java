package io.facet.pipelines;

/**
 * The machine, not the user or the data, stands in the way: a full disk, a read-only store, a lost
 * lease. One line with the cure; the command line exits with 5.
 */
public class InfrastructureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InfrastructureException(String message) {
    super(message);
  }

  public InfrastructureException(String message, Throwable cause) {
    super(message, cause);
  }
}
