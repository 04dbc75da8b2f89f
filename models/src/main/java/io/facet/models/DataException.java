package io.facet.models;

/**
 * Input data cannot be used: a missing or malformed file, a table without rows, too many rejects.
 *
 * <p>The message names the file and the record, and the cure, in one line. The command line exits
 * with 3.
 */
public class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
