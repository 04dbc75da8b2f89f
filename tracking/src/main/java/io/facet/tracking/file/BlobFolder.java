package io.facet.tracking.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Contents of artifacts, each kept once under its SHA-256. */
public final class BlobFolder {
  private final Path folder;

  /** What was kept. */
  public record Blob(String sha256, long bytes) {}

  /** The folder is made when the first content comes. */
  public BlobFolder(Path folder) {
    this.folder = folder;
  }

  /** Copies the rest of the stream; the copy is on the disk when this returns. */
  public Blob keep(InputStream content) throws IOException {
    Files.createDirectories(folder);
    Path fresh = folder.resolve(UUID.randomUUID() + ".tmp");
    MessageDigest digest = sha256();
    try {
      long bytes;
      try (InputStream in = new DigestInputStream(content, digest);
          FileOutputStream out = new FileOutputStream(fresh.toFile())) {
        bytes = in.transferTo(out);
        out.getFD().sync();
      }
      String name = HexFormat.of().formatHex(digest.digest());
      Path place = path(name);
      if (Files.exists(place)) {
        // Young again, so that cleaning does not take it before its event is journalled.
        Files.setLastModifiedTime(place, FileTime.from(Instant.now()));
      } else {
        Files.createDirectories(place.getParent());
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        Locks.forceFolder(place.getParent());
      }
      return new Blob(name, bytes);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Deletes contents last kept before {@code limit} that nobody needs; answers how many. */
  public int deleteUnneeded(Set<String> needed, Instant limit) throws IOException {
    int deleted = 0;
    for (Path file : all()) {
      if (!needed.contains(file.getFileName().toString())
          && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
        Files.delete(file);
        deleted++;
      }
    }
    return deleted;
  }

  /** All contents, also those whose copying was cut short. */
  public List<Path> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** Where a content lies. */
  public Path path(String sha256) {
    return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
