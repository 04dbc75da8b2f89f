package io.facet.pipelines.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in this process that speaks as much of S3 as Facet and Beam need: objects with ranges
 * and conditional puts, listings with prefix, delimiter and continuation, multipart uploads,
 * copies. It knows one access key and one region, and can be told to fail.
 */
public final class S3StandIn implements AutoCloseable {
  public static final String BUCKET = "faces";
  public static final String ACCESS_KEY = "AKIDOFATEST";
  public static final String SECRET_KEY = "secret-of-a-test";
  public static final String REGION = "us-east-1";

  private static final Pattern CREDENTIAL =
      Pattern.compile("Credential=([^/]+)/[^/]+/([^/]+)/s3/aws4_request");
  private static final int MOST_KEYS = 1000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final StandInBucket bucket = new StandInBucket();
  private volatile StandInFaults faults = StandInFaults.NONE;
  private volatile boolean conditionalPuts = true;
  private volatile int pageSize = MOST_KEYS;

  /** One request, read whole. */
  record Request(
      String method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {
    boolean asks(String name) {
      return query.containsKey(name);
    }
  }

  /** What is answered. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer xml(int status, String xml) {
      return new Answer(
          status,
          Map.of("Content-Type", "application/xml"),
          ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml).getBytes(StandardCharsets.UTF_8));
    }

    static Answer error(int status, String code) {
      return xml(
          status,
          "<Error><Code>%s</Code><Message>as a test wants it</Message></Error>".formatted(code));
    }
  }

  private S3StandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static S3StandIn start() throws IOException {
    return new S3StandIn();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Environment of a process that may use it. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3",
        endpoint().toString(),
        "AWS_ACCESS_KEY_ID",
        ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY",
        SECRET_KEY,
        "AWS_EC2_METADATA_DISABLED",
        "true",
        "FACET_S3_TIMEOUT",
        "3");
  }

  /** Keys of all objects, in order. */
  public List<String> keys() {
    return bucket.keys();
  }

  /** Keys that were created by a conditional put, as often as they were. */
  public List<String> conditionalPuts() {
    return bucket.conditionalPuts();
  }

  /**
   * From each so many requests, one is done but answered with 500; ends of uploads in parts are
   * not.
   */
  public void failingNowAndThen(int every) {
    failing(
        StandInFaults.of(
            StandInFaults.Fault.LOST_ANSWER,
            every,
            request -> !(request.method().equals("POST") && request.asks("uploadId"))));
  }

  void failing(StandInFaults how) {
    faults = how;
  }

  void withoutConditionalPuts() {
    conditionalPuts = false;
  }

  void pagesOf(int keys) {
    pageSize = keys;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = read(exchange);
      if (request == null) {
        return; // cut short by the client: nothing happened
      }
      StandInFaults.Fault fault = faults.next(request);
      switch (fault) {
        case STALL -> {
          faults.await();
          return;
        }
        case ERROR -> answer(exchange, Answer.error(500, "InternalError"), false);
        case BUSY -> answer(exchange, Answer.error(503, "SlowDown"), false);
        case LOST_ANSWER -> {
          serve(exchange, request);
          answer(exchange, Answer.error(500, "InternalError"), false);
        }
        case CUT -> answer(exchange, serve(exchange, request), true);
        case NONE -> answer(exchange, serve(exchange, request), false);
      }
    }
  }

  private Answer serve(HttpExchange exchange, Request request) {
    Matcher credential = CREDENTIAL.matcher(request.headers().getOrDefault("authorization", ""));
    if (!credential.find()) {
      return Answer.error(403, "AccessDenied");
    }
    if (request.headers().getOrDefault("x-amz-security-token", "").equals("expired")) {
      return Answer.error(400, "ExpiredToken");
    }
    if (!credential.group(1).equals(ACCESS_KEY)) {
      return Answer.error(403, "InvalidAccessKeyId");
    }
    if (!credential.group(2).equals(REGION)) {
      return Answer.error(400, "AuthorizationHeaderMalformed");
    }
    String path = exchange.getRequestURI().getPath();
    if (!path.startsWith("/" + BUCKET + "/") && !path.equals("/" + BUCKET)) {
      return Answer.error(404, "NoSuchBucket");
    }
    return StandInProtocol.serve(bucket, request, conditionalPuts, pageSize, faults.listingLag());
  }

  private static Request read(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readAllBytes();
    } catch (IOException e) {
      return null;
    }
    if (headers.getOrDefault("x-amz-content-sha256", "").startsWith("STREAMING-")) {
      body = unchunked(body);
      if (body.length != Integer.parseInt(headers.get("x-amz-decoded-content-length"))) {
        return null;
      }
    }
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1]));
    }
    String path = exchange.getRequestURI().getPath();
    int slash = path.indexOf('/', 1);
    return new Request(
        exchange.getRequestMethod(),
        slash < 0 ? "" : path.substring(slash + 1),
        query,
        headers,
        body);
  }

  /** Takes the signatures between the chunks of a body out. */
  private static byte[] unchunked(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    while (in.available() > 0) {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.append((char) b);
      }
      int size = Integer.parseInt(line.toString().split(";")[0].strip(), 16);
      if (size == 0) {
        break;
      }
      byte[] chunk = new byte[size];
      int read = in.readNBytes(chunk, 0, size);
      out.write(chunk, 0, read);
      in.skip(2);
    }
    return out.toByteArray();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, Answer answer, boolean cut) throws IOException {
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.getResponseHeaders().set("x-amz-request-id", "test");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(cut ? Arrays.copyOf(body, body.length / 2) : body);
    }
  }

  @Override
  public void close() {
    faults.release();
    server.stop(0);
    threads.shutdownNow();
  }
}
