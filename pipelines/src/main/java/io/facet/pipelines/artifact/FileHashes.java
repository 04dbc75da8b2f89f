package io.facet.pipelines.artifact;

import io.facet.models.DataException;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SHA-256 of source files, remembered by path, size and time of change: a second look at a million
 * pictures reads none of them. A file changed within the last two seconds is not remembered, since
 * it may change again within the clock's grain.
 */
public final class FileHashes {
  private static final String NAME = "cache/file-hashes.tsv";
  private static final long GRAIN_MILLIS = 2000;

  private record Known(long size, long modified, String sha256) {}

  private final String uri;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private volatile boolean changed;

  private FileHashes(String uri, InstantSource clock) {
    this.uri = uri;
    this.clock = clock;
  }

  /** The memory kept in a store; an unreadable one starts anew, as it holds nothing of its own. */
  public static FileHashes in(ArtifactStore store) {
    return open(store.root() + "/" + NAME, InstantSource.system());
  }

  static FileHashes open(String uri, InstantSource clock) {
    FileHashes hashes = new FileHashes(uri, clock);
    try {
      if (StoredFiles.exists(uri)) {
        new String(StoredFiles.read(uri), StandardCharsets.UTF_8).lines().forEach(hashes::remember);
      }
    } catch (IOException e) {
      throw StoreErrors.failed("read", uri, e);
    }
    return hashes;
  }

  /**
   * SHA-256 of a file's bytes.
   *
   * @throws DataException if it is missing or unreadable
   */
  public String sha256(Path file) {
    Path path = file.toAbsolutePath().normalize();
    try {
      BasicFileAttributes before = Files.readAttributes(path, BasicFileAttributes.class);
      long modified = before.lastModifiedTime().toMillis();
      Known remembered = known.get(path.toString());
      if (remembered != null
          && remembered.size() == before.size()
          && remembered.modified() == modified) {
        return remembered.sha256();
      }
      String sha256 = FileDigests.sha256(path.toString());
      if (clock.millis() - modified > GRAIN_MILLIS) {
        known.put(path.toString(), new Known(before.size(), modified, sha256));
        changed = true;
      }
      return sha256;
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * One digest of many files: of their names below the folder and their contents, in order of
   * names. The folder itself may be elsewhere tomorrow.
   */
  public String digest(Path folder, Collection<Path> files) {
    Map<String, String> lines = new TreeMap<>();
    for (Path file : files) {
      String name = folder.toAbsolutePath().relativize(file.toAbsolutePath()).toString();
      lines.put(name.replace('\\', '/'), sha256(file));
    }
    StringBuilder text = new StringBuilder();
    lines.forEach((name, sha256) -> text.append(sha256).append("  ").append(name).append('\n'));
    return FileDigests.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the memory back, if there is something new. */
  public void save() {
    if (!changed) {
      return;
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(known)
        .forEach(
            (path, entry) ->
                text.append(entry.sha256())
                    .append('\t')
                    .append(entry.size())
                    .append('\t')
                    .append(entry.modified())
                    .append('\t')
                    .append(path)
                    .append('\n'));
    try {
      if (LocalFiles.isLocal(uri)) {
        Files.createDirectories(LocalFiles.path(uri).getParent());
      }
      LocalFiles.replace(uri, text.toString().getBytes(StandardCharsets.UTF_8));
      changed = false;
    } catch (IOException e) {
      throw StoreErrors.failed("write", uri, e);
    }
  }

  private void remember(String line) {
    String[] parts = line.split("\t", 4);
    if (parts.length == 4
        && parts[0].matches("[0-9a-f]{64}")
        && parts[1].matches("\\d{1,18}")
        && parts[2].matches("-?\\d{1,18}")
        && !parts[3].contains("\n")) {
      known.put(parts[3], new Known(Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[0]));
    }
  }
}
