package io.facet.pipelines.artifact;

import io.facet.models.option.RecordBinder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who works on an attempt and until when nobody else may. Kept in the attempt folder as {@code
 * lease/NUMBER.json}; the highest number holds, so that taking over is creating the next one.
 *
 * @param owner random name of the holder
 * @param host name of its machine
 * @param pid its process
 * @param processStarted when the process started, milliseconds since 1970; pids are used again
 * @param expires milliseconds since 1970
 */
record Lease(String owner, String host, long pid, long processStarted, long expires) {
  private static final String HOST = hostName();

  /** A lease of this process. */
  static Lease ofThisProcess(String owner, Instant expires) {
    ProcessHandle self = ProcessHandle.current();
    return new Lease(owner, HOST, self.pid(), started(self), expires.toEpochMilli());
  }

  static String newOwner() {
    return UUID.randomUUID().toString();
  }

  Lease until(Instant time) {
    return new Lease(owner, host, pid, processStarted, time.toEpochMilli());
  }

  /** Over, or its process is gone from this machine. */
  boolean expired(Instant now) {
    return now.toEpochMilli() >= expires || (host.equals(HOST) && !processLives());
  }

  String holder() {
    return "process %d on %s".formatted(pid, host);
  }

  String json() {
    return RecordBinder.toJson(this);
  }

  static Lease parse(String json) {
    return RecordBinder.bindJson(Lease.class, json);
  }

  private boolean processLives() {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isPresent()
        && process.get().isAlive()
        && started(process.get()) == processStarted;
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // a machine without a name of its own has one store: its own
    }
  }
}
