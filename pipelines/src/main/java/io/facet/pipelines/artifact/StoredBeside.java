package io.facet.pipelines.artifact;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Local files that lie in an artifact, compared with the manifest beside them. */
public final class StoredBeside {
  /** How deep below a manifest its files lie at most: {@code plots/SET/roc.png}. */
  private static final int DEEPEST = 4;

  private StoredBeside() {}

  /**
   * Refuses a file that a manifest beside it, or in a folder above it, describes otherwise.
   *
   * @throws DataException naming the file, what was expected and what was found
   */
  public static void require(Path file) throws IOException {
    Path whole = file.toAbsolutePath().normalize();
    Optional<Path> folder = artifactOf(whole);
    if (folder.isEmpty()) {
      return;
    }
    for (Damage damage : damage(folder.get(), whole)) {
      throw new DataException(
          damage.text() + "; run its recipe again, which makes it anew, or bring the file back");
    }
  }

  /** What is wrong in the folder of an artifact, its manifest included. */
  public static List<Damage> damage(Path artifact) throws IOException {
    return damage(artifact.toAbsolutePath().normalize(), null);
  }

  /** The manifest in the folder of an artifact. */
  public static Manifest manifest(Path artifact) throws IOException {
    Path file = artifact.resolve(CommittedArtifacts.MANIFEST);
    return Manifest.parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
  }

  /** Of one file of an artifact, or of all. */
  private static List<Damage> damage(Path artifact, Path wanted) throws IOException {
    Path file = artifact.resolve(CommittedArtifacts.MANIFEST);
    List<Damage> found = new ArrayList<>();
    byte[] bytes = Files.readAllBytes(file);
    manifestDamage(file, bytes).ifPresent(found::add);
    if (!found.isEmpty() || file.equals(wanted)) {
      return found;
    }
    Manifest manifest = manifest(artifact);
    for (Manifest.DataFile described : manifest.files()) {
      Optional<Path> own = own(artifact, described);
      if (own.isPresent() && (wanted == null || own.get().equals(wanted))) {
        FileDigests.damage(
                new Manifest.DataFile(own.get().toString(), described.bytes(), described.sha256()),
                "")
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** The folder of the artifact that a file lies in. */
  public static Optional<Path> artifactOf(Path file) {
    Path at = file.getParent();
    for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getParent()) {
      if (Files.exists(at.resolve(CommittedArtifacts.MANIFEST))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** The commit above an attempt names the digest of its manifest, unless it names another. */
  private static Optional<Damage> manifestDamage(Path manifest, byte[] bytes) throws IOException {
    Path attempt = manifest.getParent();
    Path marker = attempt.resolveSibling(CommittedArtifacts.MARKER);
    if (!Files.exists(marker)) {
      return Optional.empty();
    }
    String text = Files.readString(marker);
    String digest = FileDigests.sha256(bytes);
    boolean same = !text.contains(attempt.getFileName().toString()) || text.contains(digest);
    return same
        ? Optional.empty()
        : Optional.of(
            new Damage(
                manifest.toString(),
                "the SHA-256 in " + marker,
                "SHA-256 " + digest.substring(0, 12) + "..."));
  }

  /** Where a file of a manifest is below its artifact; empty if it belongs to an earlier one. */
  private static Optional<Path> own(Path artifact, Manifest.DataFile file) {
    String attempt = "/" + artifact.getFileName() + "/";
    int at = file.uri().indexOf(attempt);
    return at < 0
        ? Optional.empty()
        : Optional.of(artifact.resolve(file.uri().substring(at + attempt.length())));
  }
}
