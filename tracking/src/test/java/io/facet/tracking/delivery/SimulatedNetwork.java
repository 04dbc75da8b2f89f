package io.facet.tracking.delivery;

import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Rest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/**
 * The way to a backend on a virtual clock, where every request may fail in every way. Requests that
 * a hanging server swallowed may be done later, in order, before it answers the next one.
 */
final class SimulatedNetwork implements Rest {
  private static final long DEADLINE = 30_000;

  private final Backend backend;
  private final VirtualClock clock;
  private final Random random;
  private final Queue<Request> swallowed = new ArrayDeque<>();
  private final List<String> trace = new ArrayList<>();
  private Runnable meanwhile = () -> {};
  private double faults;
  private long awayUntil;
  private int requests;

  /** The process that sends dies, before or after its request was done. */
  static final class ProcessDied extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  SimulatedNetwork(Backend backend, VirtualClock clock, Random random) {
    this.backend = backend;
    this.clock = clock;
    this.random = random;
  }

  /** From now on this share of the requests goes wrong. */
  void faults(double share) {
    faults = share;
    if (share == 0) {
      awayUntil = 0;
    }
  }

  /** What others do while a request is under way. */
  void meanwhile(Runnable others) {
    meanwhile = others;
  }

  int requests() {
    return requests;
  }

  /** Calls and statuses in order, without the ids that differ between servers. */
  List<String> trace() {
    return trace;
  }

  @Override
  public byte[] fetch(Request request) throws MlflowFailure, InterruptedException {
    return send(request).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String send(Request request) throws MlflowFailure, InterruptedException {
    requests++;
    clock.pass(1 + random.nextInt(40));
    meanwhile.run();
    if (clock.now() < awayUntil) {
      throw failure(MlflowFailure.Kind.UNREACHABLE, request, "connection refused");
    }
    if (random.nextDouble() >= faults) {
      return checked(request, act(request));
    }
    switch (random.nextInt(12)) {
      case 0 -> throw failure(MlflowFailure.Kind.UNREACHABLE, request, "closed at once");
      case 1 -> {
        act(request);
        throw failure(MlflowFailure.Kind.UNREACHABLE, request, "cut in the middle of the answer");
      }
      case 2 -> throw MlflowFailure.of(request.what(), 500, "trouble", Duration.ZERO);
      case 3 -> {
        act(request);
        throw MlflowFailure.of(request.what(), 502, "<html>Bad Gateway</html>", Duration.ZERO);
      }
      case 4 ->
          throw MlflowFailure.of(
              request.what(), 429, "slow down", Duration.ofSeconds(random.nextInt(10)));
      case 5 -> throw hung(request);
      case 6 -> {
        act(request);
        throw hung(request);
      }
      case 7 -> {
        swallowed.add(request);
        throw hung(request);
      }
      case 8 -> {
        act(request);
        return checked(request, act(request));
      }
      case 9 -> {
        // The server restarts: what it had swallowed is gone.
        swallowed.clear();
        awayUntil = clock.now() + random.nextInt(120_000);
        throw failure(MlflowFailure.Kind.UNREACHABLE, request, "reset by peer");
      }
      case 10 -> throw new ProcessDied();
      default -> {
        act(request);
        throw new ProcessDied();
      }
    }
  }

  @Override
  public void close() {}

  private MlflowFailure hung(Request request) {
    clock.pass(DEADLINE);
    return failure(MlflowFailure.Kind.TIMEOUT, request, "no answer");
  }

  private static MlflowFailure failure(MlflowFailure.Kind kind, Request request, String words) {
    return new MlflowFailure(kind, request.what() + ": " + words, null);
  }

  private static String checked(Request request, FakeMlflow.Reply reply) throws MlflowFailure {
    if (reply.status() / 100 != 2) {
      throw MlflowFailure.of(request.what(), reply.status(), reply.body(), Duration.ZERO);
    }
    return reply.body();
  }

  private FakeMlflow.Reply act(Request request) throws InterruptedException {
    while (!swallowed.isEmpty()) {
      done(swallowed.remove());
    }
    return done(request);
  }

  private FakeMlflow.Reply done(Request request) throws InterruptedException {
    try {
      byte[] body = request.json().getBytes(StandardCharsets.UTF_8);
      if (request.file().isPresent()) {
        body = Files.readAllBytes(request.file().get());
      }
      String[] parts = request.path().split("\\?", 2);
      FakeMlflow.Reply reply =
          backend.answer(request.method(), parts[0], query(parts.length > 1 ? parts[1] : ""), body);
      String call =
          parts[0].replaceFirst("/artifacts/.*", "/artifacts").replaceFirst("/m-[0-9a-f]+", "/m");
      trace.add(request.method() + " " + call + " " + reply.status());
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String part : raw.isEmpty() ? new String[0] : raw.split("&")) {
      String[] pair = part.split("=", 2);
      query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
