package io.facet.tracking.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Who we are at the server: {@code MLFLOW_TRACKING_TOKEN}, or the file {@code
 * MLFLOW_TRACKING_TOKEN_FILE} (read at every call, since tokens expire), or {@code
 * MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD} (or the file {@code
 * MLFLOW_TRACKING_PASSWORD_FILE}), or user and password in the address.
 */
public final class Credentials {
  private final URI server;
  private final Map<String, String> environment;

  public Credentials(URI server, Map<String, String> environment) {
    this.server = server;
    this.environment = environment;
  }

  /** The server's address without user and trailing slash. */
  public String address() {
    return Secrets.withoutUser(server).replaceAll("/+$", "");
  }

  /** The variables it was given. */
  Map<String, String> environment() {
    return environment;
  }

  /** The {@code Authorization} header, if there are credentials. */
  public Optional<String> header() {
    Optional<String> token = token();
    if (token.isPresent()) {
      return Optional.of("Bearer " + token.get());
    }
    String[] user = user();
    if (user[0] == null) {
      return Optional.empty();
    }
    byte[] both = (user[0] + ":" + user[1]).getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
  }

  private Optional<String> token() {
    String token = secret("MLFLOW_TRACKING_TOKEN");
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }

  /** A variable's value, or the content of the file that the variable with {@code _FILE} names. */
  private String secret(String variable) {
    String value = environment.getOrDefault(variable, "");
    String file = environment.getOrDefault(variable + "_FILE", "");
    if (!value.isEmpty() || file.isEmpty()) {
      return value;
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(variable + "_FILE names a file that cannot be read", e);
    }
  }

  private String[] user() {
    String name = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    if (!name.isEmpty()) {
      return new String[] {name, secret("MLFLOW_TRACKING_PASSWORD")};
    }
    String inAddress = server.getRawUserInfo();
    if (inAddress == null) {
      return new String[] {null, null};
    }
    String[] parts = inAddress.split(":", 2);
    return new String[] {decode(parts[0]), parts.length > 1 ? decode(parts[1]) : ""};
  }

  private static String decode(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
