package io.facet.pipelines.artifact;

import io.facet.models.RecipeException;
import io.facet.pipelines.DaemonThreads;
import io.facet.pipelines.InfrastructureException;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes, renews and gives up leases. Held ones are renewed in the background until closed. */
final class Leases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  static final String FOLDER = "lease";

  private final PutIfAbsent putIfAbsent;
  private final InstantSource clock;
  private final Duration duration;
  private final String owner = Lease.newOwner();
  private final Set<Attempt> held = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService renewer;

  Leases(PutIfAbsent putIfAbsent, InstantSource clock, Duration duration) {
    this.putIfAbsent = putIfAbsent;
    this.clock = clock;
    this.duration = duration;
    this.renewer = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("facet-lease"));
    long period = Math.max(1, duration.toMillis() / 4);
    // The task handles its own failures; the future would only tell of the end at close().
    var unused =
        renewer.scheduleWithFixedDelay(this::renewAll, period, period, TimeUnit.MILLISECONDS);
  }

  /** The lease that holds an attempt now, with its number; empty before the first. */
  Optional<Numbered> current(AttemptFolder folder) throws IOException {
    List<StoredFiles.Listed> files = StoredFiles.list(StoredFiles.below(folder.uri(), FOLDER));
    if (files.isEmpty()) {
      return Optional.empty();
    }
    StoredFiles.Listed last = files.get(files.size() - 1);
    int number = Integer.parseInt(last.name().replaceAll("\\D", ""));
    try {
      String json = new String(StoredFiles.read(last.uri()), StandardCharsets.UTF_8);
      return Optional.of(new Numbered(number, Lease.parse(json)));
    } catch (RecipeException e) {
      // Being rewritten just now, or cut short by a full disk: as old as the file.
      long expires = last.lastModified() + duration.toMillis();
      return Optional.of(new Numbered(number, Lease.unknown(expires)));
    }
  }

  /** Takes the lease with that number; empty if somebody else was faster. */
  Optional<Lease> take(AttemptFolder folder, int number) throws IOException {
    Lease lease = Lease.ofThisProcess(owner, clock.instant().plus(duration));
    boolean taken = putIfAbsent.put(uri(folder, number), bytes(lease));
    return taken ? Optional.of(lease) : Optional.empty();
  }

  /** From now on renewed in the background. */
  void hold(Attempt attempt) {
    held.add(attempt);
  }

  /**
   * Renews at once.
   *
   * @throws InfrastructureException if somebody else took the attempt over
   */
  void renew(Attempt attempt) throws IOException {
    if (attempt.lost() || StoredFiles.exists(uri(attempt.folder(), attempt.leaseNumber() + 1))) {
      attempt.lose();
      held.remove(attempt);
      throw new InfrastructureException(
          "%s was taken over by another run while this one did not answer for %d s; run again"
              .formatted(attempt.folder().uri(), duration.toSeconds()));
    }
    Lease later = attempt.lease().until(clock.instant().plus(duration));
    LocalFiles.replace(uri(attempt.folder(), attempt.leaseNumber()), bytes(later));
    attempt.renewed(later);
  }

  /** Gives the attempt up: whoever comes next need not wait. */
  void release(Attempt attempt) throws IOException {
    if (held.remove(attempt) && !attempt.lost()) {
      Lease over = attempt.lease().until(Instant.EPOCH);
      LocalFiles.replace(uri(attempt.folder(), attempt.leaseNumber()), bytes(over));
    }
  }

  /** No longer renewed; the lease runs out by itself. */
  void forget(Attempt attempt) {
    held.remove(attempt);
  }

  Duration duration() {
    return duration;
  }

  boolean expired(Lease lease) {
    return lease.expired(clock.instant());
  }

  private void renewAll() {
    for (Attempt attempt : held) {
      try {
        renew(attempt);
      } catch (IOException | RuntimeException e) {
        LOG.warn("lease of {} not renewed: {}", attempt.folder().uri(), e.getMessage());
      }
    }
  }

  private static String uri(AttemptFolder folder, int number) {
    return folder.uri("%s/%06d.json".formatted(FOLDER, number));
  }

  private static byte[] bytes(Lease lease) {
    return lease.json().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    renewer.shutdownNow();
  }

  /**
   * A lease and its number.
   *
   * @param number from 1
   */
  record Numbered(int number, Lease lease) {}
}
