package io.facet.tracking.rest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The way to a server: one request, one reply. {@link HttpRest} is the real one; tests put a model
 * of MLflow in its place.
 */
public interface Rest extends AutoCloseable {
  /**
   * One request.
   *
   * @param what begins the message of a failure
   * @param method HTTP's word
   * @param path begins with a slash and is escaped; a query may follow
   * @param json the body, or empty
   * @param file the body, if it is a file's content
   */
  record Request(String what, String method, String path, String json, Optional<Path> file) {
    public static final String API = "/api/2.0/mlflow/";

    public static Request get(String what, String call) {
      return new Request(what, "GET", API + call, "", Optional.empty());
    }

    public static Request post(String what, String call, String json) {
      return new Request(what, "POST", API + call, json, Optional.empty());
    }
  }

  /** Sends a request; answers the body of a reply that says all went well. */
  byte[] fetch(Request request) throws MlflowFailure, InterruptedException;

  /** The same for a body that is text. */
  default String send(Request request) throws MlflowFailure, InterruptedException {
    return new String(fetch(request), StandardCharsets.UTF_8);
  }

  /** Frees the connections. */
  @Override
  void close();
}
