package io.facet.pipelines.artifact;

import io.facet.models.DataException;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The driver's side of {@code STAGE/FINGERPRINT/attempt-UUID}: begins attempts, commits the first
 * that is whole, finds committed artifacts and clears up abandoned attempts.
 *
 * <p>An attempt counts once {@code STAGE/FINGERPRINT/COMMITTED} names it; that object is created
 * last, once, and never changed.
 */
public final class ArtifactStore implements AutoCloseable {
  /** Time after which a silent process on another machine is taken for dead. */
  public static final Duration LEASE = Duration.ofMinutes(2);

  private final String root;
  private final PutIfAbsent putIfAbsent;
  private final Leases leases;
  private final AttemptCleaner cleaner;
  private final CommittedArtifacts committed;
  private final InstantSource clock;
  private final Map<String, Catalogue> catalogues = new ConcurrentHashMap<>();

  private ArtifactStore(String root, InstantSource clock, Duration lease) {
    this.root = StoreUris.root(root);
    this.putIfAbsent = PutIfAbsent.forUri(this.root);
    StorageProbe.require(putIfAbsent, this.root);
    this.leases = new Leases(putIfAbsent, clock, lease);
    this.cleaner = new AttemptCleaner(leases, clock);
    this.committed = new CommittedArtifacts(this.root);
    this.clock = clock;
  }

  /**
   * Opens a store; nothing is created yet, but that shared storage is tried.
   *
   * @param root folder or URI
   * @throws io.facet.models.RecipeException if Facet knows no commits there
   * @throws io.facet.pipelines.InfrastructureException if a shared storage cannot be reached, or
   *     has no conditional puts
   */
  public static ArtifactStore open(String root) {
    return open(root, InstantSource.system(), LEASE);
  }

  /** As {@link #open(String)} with another clock and lease time. */
  public static ArtifactStore open(String root, InstantSource clock, Duration lease) {
    return new ArtifactStore(root, clock, lease);
  }

  /** Where the store is, without a slash at its end. */
  public String root() {
    return root;
  }

  /**
   * What the store holds for a fingerprint.
   *
   * @param artifact the committed artifact, if it is there and whole
   * @param damage what is wrong with the committed artifact, if something is
   */
  public record Found(Optional<Artifact> artifact, Optional<String> damage) {}

  /**
   * Looks a fingerprint up. Files are compared with the manifest: size and time first, the digest
   * of a version of a file once.
   */
  public Found find(String stage, String fingerprint) {
    try {
      if (!committed.there(stage, fingerprint)) {
        return new Found(Optional.empty(), Optional.empty());
      }
      Artifact artifact = committed.read(stage, fingerprint);
      List<Damage> damage = committed.damage(artifact);
      return damage.isEmpty()
          ? new Found(Optional.of(artifact), Optional.empty())
          : new Found(Optional.empty(), Optional.of(Damage.text(damage)));
    } catch (DataException e) {
      return new Found(Optional.empty(), Optional.of(e.getMessage()));
    } catch (IOException e) {
      throw StoreErrors.failed("read", committed.folder(stage, fingerprint), e);
    }
  }

  /** Names of the folders in the store, or below one of them; none if it is not there. */
  public List<String> folders(String top) {
    try {
      return StoreFolders.names(top.isEmpty() ? root : root + "/" + top);
    } catch (IOException e) {
      throw StoreErrors.failed("list", root + "/" + top, e);
    }
  }

  /** All sound artifacts of a stage, newest first. */
  public List<Artifact> committed(String stage) {
    return listed(stage).parallelStream().filter(this::sound).toList();
  }

  /**
   * What is wrong with the artifacts of a stage that {@link #committed} leaves out, a line each.
   */
  public List<String> damaged(String stage) {
    Map<String, Artifact> readable = new HashMap<>();
    listed(stage).forEach(one -> readable.put(one.manifest().fingerprint(), one));
    List<String> damaged = new ArrayList<>();
    for (String fingerprint : folders(stage)) {
      Artifact artifact = readable.get(fingerprint);
      if (artifact == null || !sound(artifact)) {
        find(stage, fingerprint).damage().ifPresent(damaged::add);
      }
    }
    return damaged;
  }

  /** The newest sound artifact of an instance of a stage, whatever it was made from. */
  public Optional<Artifact> newest(String stage, String instance) {
    return listed(stage).stream()
        .filter(artifact -> artifact.manifest().instance().equals(instance))
        .filter(this::sound)
        .findFirst();
  }

  /**
   * All committed artifacts of a stage whose manifest can be read, newest first; their files are
   * not looked at, so these are not for use.
   */
  public List<Artifact> listed(String stage) {
    try {
      List<Artifact> artifacts =
          new ArrayList<>(
              catalogues
                  .computeIfAbsent(stage, name -> new Catalogue(root, name, committed))
                  .artifacts());
      artifacts.sort(Comparator.comparing((Artifact a) -> a.manifest().finished()).reversed());
      return artifacts;
    } catch (IOException e) {
      throw StoreErrors.failed("list", root, e);
    }
  }

  /**
   * What was read or computed from the artifacts of a stage and kept last.
   *
   * @param key that it was kept under
   */
  public Optional<byte[]> kept(KeptResult kind, String stage, String key) {
    return kind.find(root, stage, key);
  }

  /** Keeps what was read or computed from the artifacts of a stage, instead of what was before. */
  public void keep(KeptResult kind, String stage, String key, byte[] result) {
    kind.keep(root, stage, key, result);
  }

  private boolean sound(Artifact artifact) {
    try {
      return committed.damage(artifact).isEmpty();
    } catch (IOException e) {
      throw StoreErrors.failed("read", artifact.uri(), e);
    }
  }

  /**
   * Begins or resumes: an abandoned attempt with checkpoints is taken over, other abandoned ones
   * are swept; else a new one begins, with the checkpoints of one that was set aside. The lease is
   * renewed until commit or {@link #abandon}.
   */
  public Attempt begin(String stage, String fingerprint) {
    String folder = committed.folder(stage, fingerprint);
    try {
      for (AttemptFolder abandoned : cleaner.withCheckpoints(folder)) {
        Optional<Attempt> taken = takeOver(stage, fingerprint, abandoned);
        if (taken.isPresent()) {
          return taken.get();
        }
      }
      cleaner.sweep(folder, Optional.empty());
      Optional<AttemptFolder> setAside = SetAside.withCheckpoints(folder);
      AttemptFolder fresh = new AttemptFolder(folder + "/attempt-" + Lease.newOwner());
      Lease lease =
          leases
              .take(fresh, 1)
              .orElseThrow(() -> new IllegalStateException(fresh + " was there already"));
      Attempt attempt =
          held(new Attempt(stage, fingerprint, fresh, setAside.isPresent(), 1, lease));
      if (setAside.isPresent()) {
        SetAside.copyCheckpoints(setAside.get(), fresh);
      }
      return attempt;
    } catch (IOException e) {
      throw StoreErrors.failed("begin an attempt in", folder, e);
    }
  }

  private Optional<Attempt> takeOver(String stage, String fingerprint, AttemptFolder abandoned)
      throws IOException {
    int number = leases.current(abandoned).map(Leases.Numbered::number).orElse(0) + 1;
    return leases
        .take(abandoned, number)
        .map(lease -> held(new Attempt(stage, fingerprint, abandoned, true, number, lease)));
  }

  private Attempt held(Attempt attempt) {
    leases.hold(attempt);
    return attempt;
  }

  /** Size and SHA-256 of a file, named relative to the store. */
  public Manifest.DataFile describe(String fileUri) {
    try {
      return FileDigests.describe(StoreUris.relative(root, fileUri), fileUri);
    } catch (IOException e) {
      throw StoreErrors.failed("read", fileUri, e);
    }
  }

  /** A file that was hashed while it was written, named relative to the store. */
  public Manifest.DataFile described(String fileUri, long bytes, String sha256) {
    return new Manifest.DataFile(StoreUris.relative(root, fileUri), bytes, sha256);
  }

  /**
   * Commits an attempt; everything the manifest lists is on the disk before. The first commit of a
   * fingerprint wins: a later attempt is deleted and the winner returned.
   *
   * @throws io.facet.pipelines.InfrastructureException if the store cannot be written or the
   *     attempt was taken over; nothing is committed then
   */
  public Artifact commit(Attempt attempt, Manifest manifest) {
    try {
      leases.renew(attempt);
      Artifact artifact = new Artifact(root, attempt.folder().uri(), manifest);
      List<Damage> damage = committed.firstLook(artifact);
      if (!damage.isEmpty()) {
        throw new DataException("not committed: " + Damage.text(damage));
      }
      String text = manifest.json();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      attempt.folder().put(CommittedArtifacts.MANIFEST, bytes);
      Durability.force(artifact, root);
      boolean won =
          putIfAbsent.put(
              committed.marker(attempt.stage(), attempt.fingerprint()),
              CommittedArtifacts.marker(attempt, manifest, bytes));
      leases.forget(attempt);
      if (won) {
        return artifact;
      }
      cleaner.delete(attempt.folder());
      return committed.read(attempt.stage(), attempt.fingerprint());
    } catch (IOException e) {
      throw StoreErrors.failed("commit", attempt.folder().uri(), e);
    }
  }

  /** Gives an attempt up; the next one may resume or sweep it at once. */
  public void abandon(Attempt attempt) {
    try {
      leases.release(attempt);
    } catch (IOException e) {
      throw StoreErrors.failed("release", attempt.folder().uri(), e);
    }
  }

  /**
   * Sets a damaged artifact aside, so that it can be made again: its folder stays as it is, but
   * nothing finds it any more.
   *
   * @return where it lies; empty if it is sound by now, or gone
   */
  public List<String> setAside(String stage, String fingerprint) {
    Optional<String> damage = find(stage, fingerprint).damage();
    String folder = committed.folder(stage, fingerprint);
    try {
      List<String> places = new ArrayList<>();
      if (damage.isPresent()) {
        for (AttemptFolder attempt : committed.attempts(stage, fingerprint)) {
          SetAside.mark(attempt, damage.get(), clock.instant());
          places.add(attempt.uri());
        }
        unmark(stage, fingerprint);
      }
      return places;
    } catch (IOException e) {
      throw StoreErrors.failed("set aside", folder, e);
    }
  }

  private void unmark(String stage, String fingerprint) throws IOException {
    StoredFiles.delete(List.of(committed.marker(stage, fingerprint)));
    Catalogue.delete(root, stage);
    KeptResult.delete(root, stage);
  }

  /** Deletes abandoned attempts of all stages that nobody can use; returns how many. */
  public int sweep() {
    int swept = 0;
    try {
      for (String stage : StoreFolders.names(root)) {
        for (String fingerprint : StoreFolders.names(root + "/" + stage)) {
          swept += cleaner.sweep(committed.folder(stage, fingerprint), name(stage, fingerprint));
        }
      }
    } catch (IOException e) {
      throw StoreErrors.failed("sweep", root, e);
    }
    return swept;
  }

  /**
   * Deletes a committed artifact: its marker first, so that nobody finds half of it; then also what
   * was set aside of it.
   *
   * @return bytes of its files
   */
  public long remove(Artifact artifact) {
    Manifest manifest = artifact.manifest();
    try {
      unmark(manifest.stage(), manifest.fingerprint());
      cleaner.delete(new AttemptFolder(artifact.uri()));
      String folder = committed.folder(manifest.stage(), manifest.fingerprint());
      for (AttemptFolder aside : SetAside.below(folder)) {
        cleaner.delete(aside);
      }
    } catch (IOException e) {
      throw StoreErrors.failed("delete", artifact.uri(), e);
    }
    return manifest.files().stream()
        .filter(file -> file.in(root).startsWith(artifact.uri() + "/"))
        .mapToLong(Manifest.DataFile::bytes)
        .sum();
  }

  /** Whether somebody is making an artifact in this store at the moment. */
  public boolean busy() {
    try {
      for (String stage : StoreFolders.names(root)) {
        for (String fingerprint : StoreFolders.names(root + "/" + stage)) {
          if (!committed.there(stage, fingerprint)
              && cleaner.anyAlive(committed.folder(stage, fingerprint))) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException e) {
      throw StoreErrors.failed("list", root, e);
    }
  }

  @Override
  public void close() {
    leases.close();
  }

  /** Name of the committed attempt; none if the marker is damaged, which is then set aside. */
  private Optional<String> name(String stage, String fingerprint) throws IOException {
    try {
      return committed.attempt(stage, fingerprint);
    } catch (DataException e) {
      setAside(stage, fingerprint);
      return Optional.empty();
    }
  }
}
