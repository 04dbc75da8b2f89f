package io.facet.pipelines.artifact;

import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds and deletes attempts whose lease has run out. Live ones are never touched. */
final class AttemptCleaner {
  /** How long checkpoints of an abandoned attempt wait to be taken over. */
  private static final Duration KEEP_CHECKPOINTS = Duration.ofDays(14);

  private final Leases leases;
  private final InstantSource clock;

  AttemptCleaner(Leases leases, InstantSource clock) {
    this.leases = leases;
    this.clock = clock;
  }

  /** Abandoned attempts that hold checkpoints, the latest checkpoint first. */
  List<AttemptFolder> withCheckpoints(String folder) throws IOException {
    List<Aged> found = new ArrayList<>();
    for (AttemptFolder attempt : attempts(folder)) {
      Optional<Long> latest = latestCheckpoint(attempt);
      if (latest.isPresent() && abandoned(attempt)) {
        found.add(new Aged(attempt, latest.get()));
      }
    }
    found.sort(Collections.reverseOrder(Comparator.comparingLong(Aged::modified)));
    return found.stream().map(Aged::attempt).toList();
  }

  private record Aged(AttemptFolder attempt, long modified) {}

  /**
   * Deletes abandoned attempts of one fingerprint; recent ones with checkpoints stay while nothing
   * is committed.
   *
   * @param committed name of the committed attempt
   * @return how many were deleted
   */
  int sweep(String folder, Optional<String> committed) throws IOException {
    int swept = 0;
    for (AttemptFolder attempt : attempts(folder)) {
      boolean isCommitted = committed.isPresent() && attempt.uri().endsWith("/" + committed.get());
      if (!isCommitted && abandoned(attempt) && useless(attempt, committed.isPresent())) {
        swept += claimAndDelete(attempt);
      }
    }
    return swept;
  }

  /** Deletes an attempt that is ours; its lease goes last, so that a crash leaves it to a sweep. */
  void delete(AttemptFolder attempt) throws IOException {
    if (LocalFiles.isLocal(attempt.uri())) {
      for (String child : StoreFolders.names(attempt.uri())) {
        if (!child.equals(Leases.FOLDER)) {
          LocalFiles.deleteTree(LocalFiles.path(attempt.uri() + "/" + child));
        }
      }
      LocalFiles.deleteTree(LocalFiles.path(attempt.uri()));
      return;
    }
    List<String> last = new ArrayList<>();
    List<String> first = new ArrayList<>();
    for (StoredFiles.Listed file : attempt.list()) {
      (file.name().startsWith(Leases.FOLDER + "/") ? last : first).add(file.uri());
    }
    StoredFiles.delete(first);
    StoredFiles.delete(last);
  }

  /** Whether somebody holds an attempt of a fingerprint. */
  boolean anyAlive(String folder) throws IOException {
    for (AttemptFolder attempt : attempts(folder)) {
      if (!abandoned(attempt)) {
        return true;
      }
    }
    return false;
  }

  private int claimAndDelete(AttemptFolder attempt) throws IOException {
    int next = leases.current(attempt).map(Leases.Numbered::number).orElse(0) + 1;
    if (leases.take(attempt, next).isEmpty()) {
      return 0; // another run takes it over or sweeps it
    }
    delete(attempt);
    return 1;
  }

  private boolean useless(AttemptFolder attempt, boolean fingerprintCommitted) throws IOException {
    Optional<Long> latest = latestCheckpoint(attempt);
    long oldest = clock.instant().minus(KEEP_CHECKPOINTS).toEpochMilli();
    return fingerprintCommitted || latest.isEmpty() || latest.get() < oldest;
  }

  private boolean abandoned(AttemptFolder attempt) throws IOException {
    Optional<Leases.Numbered> held = leases.current(attempt);
    return held.isPresent() ? leases.expired(held.get().lease()) : older(attempt);
  }

  /**
   * Whether an attempt without a lease is one that never got any: a new folder stands for a moment
   * before the first lease in it.
   */
  private boolean older(AttemptFolder attempt) throws IOException {
    long begun =
        LocalFiles.isLocal(attempt.uri())
            ? Files.getLastModifiedTime(LocalFiles.path(attempt.uri())).toMillis()
            : attempt.list().stream()
                .mapToLong(StoredFiles.Listed::lastModified)
                .max()
                .orElse(Long.MAX_VALUE);
    return begun < clock.instant().minus(leases.duration()).toEpochMilli();
  }

  private static Optional<Long> latestCheckpoint(AttemptFolder attempt) throws IOException {
    return attempt.list().stream()
        .filter(file -> file.name().startsWith("checkpoints/"))
        .map(StoredFiles.Listed::lastModified)
        .max(Comparator.naturalOrder());
  }

  /** Those of a fingerprint that are not set aside. */
  private static List<AttemptFolder> attempts(String folder) throws IOException {
    List<AttemptFolder> attempts = new ArrayList<>();
    for (String name : StoreFolders.names(folder)) {
      AttemptFolder attempt = new AttemptFolder(folder + "/" + name);
      if (name.startsWith("attempt-") && !SetAside.is(attempt)) {
        attempts.add(attempt);
      }
    }
    return attempts;
  }
}
