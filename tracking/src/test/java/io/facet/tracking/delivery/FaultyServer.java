package io.facet.tracking.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** The model of MLflow behind a real socket, with faults of our choice before or after it acts. */
final class FaultyServer implements AutoCloseable {
  /** What goes wrong with one request. */
  enum Fault {
    NONE,
    /** The connection is closed before anything is done. */
    CLOSED_BEFORE,
    /** It is done, but the connection breaks in the middle of the answer. */
    CUT_AFTER,
    /** It is not done; the server says 500. */
    ERROR_BEFORE,
    /** It is done, but the server says 500. */
    ERROR_AFTER,
    /** It is not done: too many requests. */
    BUSY,
    /** It is not done and there is never an answer. */
    HUNG_BEFORE,
    /** It is done but there is never an answer. */
    HUNG_AFTER,
    /** The network delivers it twice. */
    TWICE
  }

  private final FakeMlflow mlflow;
  private final Set<String> authorisations = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile IntFunction<Fault> faults = number -> Fault.NONE;

  FaultyServer(FakeMlflow mlflow, int port) throws IOException {
    this.mlflow = mlflow;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Requests that came so far. */
  int requests() {
    return requests.get();
  }

  /** Authorization headers that came so far; empty text for a request without one. */
  Set<String> authorisations() {
    return Set.copyOf(authorisations);
  }

  /** From now on the request with number n, from 0, has this fault. */
  void faults(IntFunction<Fault> chosen) {
    requests.set(0);
    faults = chosen;
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Fault fault = faults.apply(requests.getAndIncrement());
    String authorisation = exchange.getRequestHeaders().getFirst("Authorization");
    authorisations.add(authorisation == null ? "" : authorisation);
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (fault) {
      case CLOSED_BEFORE -> exchange.close();
      case ERROR_BEFORE -> reply(exchange, new FakeMlflow.Reply(500, "Internal Server Error"));
      case BUSY -> reply(exchange, new FakeMlflow.Reply(429, "slow down"));
      case HUNG_BEFORE -> hang(exchange);
      case HUNG_AFTER -> {
        act(exchange, body);
        hang(exchange);
      }
      case ERROR_AFTER -> {
        act(exchange, body);
        reply(exchange, new FakeMlflow.Reply(500, "Internal Server Error"));
      }
      case CUT_AFTER -> {
        byte[] answer = act(exchange, body).body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length + 10L);
        exchange.getResponseBody().write(answer, 0, answer.length / 2);
        exchange.getResponseBody().flush();
        exchange.close();
      }
      case TWICE -> {
        act(exchange, body);
        reply(exchange, act(exchange, body));
      }
      case NONE -> reply(exchange, act(exchange, body));
    }
  }

  private FakeMlflow.Reply act(HttpExchange exchange, byte[] body) throws IOException {
    String raw = exchange.getRequestURI().getRawQuery();
    Map<String, String> query = SimulatedNetwork.query(raw == null ? "" : raw);
    return mlflow.answer(
        exchange.getRequestMethod(), exchange.getRequestURI().getPath(), query, body);
  }

  private static void reply(HttpExchange exchange, FakeMlflow.Reply reply) throws IOException {
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void hang(HttpExchange exchange) {
    try {
      end.await();
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
