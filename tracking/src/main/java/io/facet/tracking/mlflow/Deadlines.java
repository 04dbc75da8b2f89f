package io.facet.tracking.mlflow;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/**
 * MLflow's Java client with deadlines. The client itself waits for ever, so every call runs on a
 * worker thread; when the deadline passes, client and thread are given up (closing the client
 * breaks its connection, which ends the thread) and the next call gets new ones.
 */
final class Deadlines implements AutoCloseable {
  /** The client's HTTP library tells of every retry on the console; this field keeps it silent. */
  private static final Logger CHATTER = Logger.getLogger("org.mlflow_project.apachehttp");

  static {
    CHATTER.setLevel(Level.WARNING);
  }

  private final Credentials credentials;
  private final Duration deadline;
  private MlflowClient client;
  private ExecutorService worker;

  /** A call on the client. */
  interface Call<T> {
    T on(MlflowClient client) throws Exception;
  }

  Deadlines(Credentials credentials, Duration deadline) {
    this.credentials = credentials;
    this.deadline = deadline;
  }

  /** Calls, and answers within the deadline; {@code what} begins the message of a failure. */
  synchronized <T> T call(String what, Call<T> call) throws MlflowFailure, InterruptedException {
    if (client == null) {
      client = new MlflowClient(credentials);
      worker =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread = new Thread(task, "facet-mlflow");
                thread.setDaemon(true);
                return thread;
              });
    }
    MlflowClient current = client;
    Future<T> answer = worker.submit(() -> call.on(current));
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      giveUp();
      throw new MlflowFailure(
          MlflowFailure.Kind.TIMEOUT,
          what + ": no answer within " + deadline.toMillis() + " ms",
          e);
    } catch (InterruptedException e) {
      giveUp();
      throw e;
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    }
  }

  private static MlflowFailure failure(String what, Throwable cause) {
    if (cause instanceof MlflowFailure failure) {
      return failure;
    }
    if (cause instanceof MlflowHttpException http) {
      return MlflowFailure.of(what, http);
    }
    if (cause instanceof MlflowClientException || cause instanceof UncheckedIOException) {
      Throwable root = cause;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String words = root.getMessage() == null ? root.toString() : root.getMessage();
      return new MlflowFailure(MlflowFailure.Kind.UNREACHABLE, what + ": " + words, cause);
    }
    return new MlflowFailure(MlflowFailure.Kind.TROUBLE, what + ": " + cause, cause);
  }

  private void giveUp() {
    worker.shutdownNow();
    client.close();
    client = null;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      giveUp();
    }
  }
}
