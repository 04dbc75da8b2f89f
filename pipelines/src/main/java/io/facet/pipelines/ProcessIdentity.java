package io.facet.pipelines;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told apart from a later one with the same number.
 *
 * @param host name of its machine
 * @param pid its number there
 * @param started when it started, milliseconds since 1970
 */
public record ProcessIdentity(String host, long pid, long started) {
  private static final String HOST = hostName();

  /** This process. */
  public static ProcessIdentity current() {
    ProcessHandle self = ProcessHandle.current();
    return new ProcessIdentity(HOST, self.pid(), started(self));
  }

  /** Whether it belongs to this machine; nothing is known of processes elsewhere. */
  public boolean isHere() {
    return host.equals(HOST);
  }

  /** The process, if it runs on this machine now. */
  public Optional<ProcessHandle> handle() {
    return isHere()
        ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(p -> started(p) == started)
        : Optional.empty();
  }

  /** {@code process 4711 on HOST}. */
  @Override
  public String toString() {
    return "process %d on %s".formatted(pid, host);
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
