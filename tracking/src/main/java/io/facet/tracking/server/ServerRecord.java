package io.facet.tracking.server;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.tracking.file.Locks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the store remembers of its server, so that another process can find and stop it.
 *
 * @param pid process, or 0 if it was stopped
 * @param startedAt when that process began, milliseconds since 1970: a later process with the same
 *     number is another one
 * @param port where it listens
 */
record ServerRecord(long pid, long startedAt, int port) {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final Duration CLOCK_ERROR = Duration.ofSeconds(2);

  static ServerRecord of(Process process, int port) {
    Instant started = process.info().startInstant().orElse(Instant.EPOCH);
    return new ServerRecord(process.pid(), started.toEpochMilli(), port);
  }

  /** No process, but the port that the next one should have. */
  static ServerRecord stopped(int port) {
    return new ServerRecord(0, 0, port);
  }

  static Optional<ServerRecord> read(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(JSON.readValue(file.toFile(), ServerRecord.class))
        : Optional.empty();
  }

  void write(Path file) throws IOException {
    Locks.replace(file, JSON.writeValueAsBytes(this));
  }

  /** The process, if it still lives and is the one that was started. */
  Optional<ProcessHandle> process() {
    Optional<ProcessHandle> handle = pid > 0 ? ProcessHandle.of(pid) : Optional.empty();
    return handle.filter(ProcessHandle::isAlive).filter(this::same);
  }

  private boolean same(ProcessHandle handle) {
    Instant started = handle.info().startInstant().orElse(Instant.EPOCH);
    return Duration.between(Instant.ofEpochMilli(startedAt), started).abs().compareTo(CLOCK_ERROR)
        < 0;
  }
}
