package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.pipelines.JsonText;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  private static final String COMMITTED = "COMMITTED";
  private static final String MANIFEST = "manifest.json";

  private final String root;
  private final PutIfAbsent putIfAbsent;
  private final Leases leases;
  private final AttemptCleaner cleaner;

  private ArtifactStore(String root, InstantSource clock, Duration lease) {
    this.root = StoreUris.root(root);
    this.putIfAbsent = PutIfAbsent.forUri(this.root);
    this.leases = new Leases(putIfAbsent, clock, lease);
    this.cleaner = new AttemptCleaner(leases, clock);
  }

  /**
   * Opens a store; nothing is created yet.
   *
   * @param root folder or URI
   * @throws io.facet.models.RecipeException if commits are impossible there
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

  /** Looks a fingerprint up. Files are checked for presence and size, not read. */
  public Found find(String stage, String fingerprint) {
    String marker = uri(stage, fingerprint, COMMITTED);
    try {
      if (!StoredFiles.exists(marker)) {
        return new Found(Optional.empty(), Optional.empty());
      }
      Artifact artifact = read(stage, fingerprint);
      Optional<String> damage = damage(artifact);
      return damage.isPresent()
          ? new Found(Optional.empty(), damage)
          : new Found(Optional.of(artifact), Optional.empty());
    } catch (DataException e) {
      return new Found(Optional.empty(), Optional.of(e.getMessage()));
    } catch (IOException e) {
      throw StoreErrors.failed("read", marker, e);
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

  /** All committed artifacts of a stage that can be read, newest first. */
  public List<Artifact> committed(String stage) {
    List<Artifact> artifacts = new ArrayList<>();
    try {
      for (String fingerprint : StoreFolders.names(root + "/" + stage)) {
        find(stage, fingerprint).artifact().ifPresent(artifacts::add);
      }
    } catch (IOException e) {
      throw StoreErrors.failed("list", root, e);
    }
    artifacts.sort(Comparator.comparing((Artifact a) -> a.manifest().finished()).reversed());
    return artifacts;
  }

  /**
   * Begins or resumes: an abandoned attempt with checkpoints is taken over, other abandoned ones
   * are swept; else a new one begins. The lease is renewed until commit or {@link #abandon}.
   */
  public Attempt begin(String stage, String fingerprint) {
    String folder = uri(stage, fingerprint);
    try {
      for (AttemptFolder abandoned : cleaner.withCheckpoints(folder)) {
        Optional<Attempt> taken = takeOver(stage, fingerprint, abandoned);
        if (taken.isPresent()) {
          return taken.get();
        }
      }
      cleaner.sweep(folder, Optional.empty());
      AttemptFolder fresh = new AttemptFolder(folder + "/attempt-" + Lease.newOwner());
      Lease lease =
          leases
              .take(fresh, 1)
              .orElseThrow(() -> new IllegalStateException(fresh + " was there already"));
      return held(new Attempt(stage, fingerprint, fresh, false, 1, lease));
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
      Optional<String> damage = damage(artifact);
      if (damage.isPresent()) {
        throw new DataException("not committed: " + damage.get());
      }
      String text = manifest.json();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      attempt.folder().put(MANIFEST, bytes);
      Durability.force(artifact, root);
      boolean won =
          putIfAbsent.put(
              uri(attempt.stage(), attempt.fingerprint(), COMMITTED),
              marker(attempt, manifest, bytes));
      leases.forget(attempt);
      if (won) {
        return artifact;
      }
      cleaner.delete(attempt.folder());
      return read(attempt.stage(), attempt.fingerprint());
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

  /** Removes the marker of a damaged artifact, so that it can be made again. */
  public void discard(String stage, String fingerprint) {
    try {
      StoredFiles.delete(List.of(uri(stage, fingerprint, COMMITTED)));
    } catch (IOException e) {
      throw StoreErrors.failed("discard", uri(stage, fingerprint), e);
    }
  }

  /** Deletes abandoned attempts of all stages that nobody can use; returns how many. */
  public int sweep() {
    int swept = 0;
    try {
      for (String stage : StoreFolders.names(root)) {
        for (String fingerprint : StoreFolders.names(root + "/" + stage)) {
          Optional<String> committed = committedAttempt(stage, fingerprint);
          swept += cleaner.sweep(uri(stage, fingerprint), committed);
        }
      }
    } catch (IOException e) {
      throw StoreErrors.failed("sweep", root, e);
    }
    return swept;
  }

  /**
   * Deletes a committed artifact: its marker first, so that nobody finds half of it.
   *
   * @return bytes of its files
   */
  public long remove(Artifact artifact) {
    Manifest manifest = artifact.manifest();
    discard(manifest.stage(), manifest.fingerprint());
    try {
      cleaner.delete(new AttemptFolder(artifact.uri()));
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
          if (committedAttempt(stage, fingerprint).isEmpty()
              && cleaner.anyAlive(uri(stage, fingerprint))) {
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

  private Artifact read(String stage, String fingerprint) throws IOException {
    String marker = uri(stage, fingerprint, COMMITTED);
    JsonNode named = JsonText.parse(marker, text(marker));
    String attempt = uri(stage, fingerprint, named.path("attempt").asText());
    String manifestUri = attempt + "/" + MANIFEST;
    try {
      String text = text(manifestUri);
      String digest = FileDigests.sha256(text.getBytes(StandardCharsets.UTF_8));
      if (!digest.equals(named.path("manifestSha256").asText())) {
        throw new DataException(manifestUri + ": not the manifest that was committed");
      }
      return new Artifact(root, attempt, Manifest.parse(manifestUri, text));
    } catch (FileNotFoundException e) {
      throw new DataException(manifestUri + ": committed, but gone", e);
    }
  }

  private Optional<String> committedAttempt(String stage, String fingerprint) throws IOException {
    String marker = uri(stage, fingerprint, COMMITTED);
    return StoredFiles.exists(marker)
        ? Optional.of(JsonText.parse(marker, text(marker)).path("attempt").asText())
        : Optional.empty();
  }

  private static Optional<String> damage(Artifact artifact) throws IOException {
    for (Manifest.DataFile file : artifact.manifest().files()) {
      String uri = artifact.resolve(file);
      Optional<Long> size = FileDigests.size(uri);
      if (size.isEmpty()) {
        return Optional.of(uri + " is missing");
      }
      if (size.get() != file.bytes()) {
        return Optional.of("%s has %d bytes, not %d".formatted(uri, size.get(), file.bytes()));
      }
    }
    return Optional.empty();
  }

  private static byte[] marker(Attempt attempt, Manifest manifest, byte[] manifestBytes) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("attempt", attempt.name());
    node.put("manifestSha256", FileDigests.sha256(manifestBytes));
    node.put("run", manifest.originRun());
    return JsonText.pretty(node).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(String uri) throws IOException {
    return new String(StoredFiles.read(uri), StandardCharsets.UTF_8);
  }

  private String uri(String stage, String fingerprint) {
    return root + "/" + stage + "/" + fingerprint;
  }

  private String uri(String stage, String fingerprint, String name) {
    return uri(stage, fingerprint) + "/" + name;
  }
}
