package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.transforms.file.CacheFolder;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of shared storage that trainings read from place to place, fetched once to this machine for
 * all of them. A set of files is known by what it contains, wherever it lies. A file is checked
 * against its SHA-256 when it is fetched, and fetched again if it was written to or cut since.
 */
final class FileCopies {
  /** Environment variable: gigabytes that copies may take before those used longest ago go. */
  static final String LIMIT = "FACET_PACK_CACHE_GB";

  private static final long DEFAULT_LIMIT = 200;
  private static final long GIGABYTE = 1_000_000_000;

  /** The time of a copy that is whole; whoever writes to it later changes it. */
  private static final FileTime CHECKED = FileTime.from(Instant.EPOCH);

  private static final Logger LOG = LoggerFactory.getLogger(FileCopies.class);

  private final Path folder;
  private final long limit;

  /**
   * Copies in a folder.
   *
   * @param limit bytes; the files in question may be larger
   */
  FileCopies(Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /** Those of this machine. */
  static FileCopies ofThisMachine() {
    String chosen = System.getenv().getOrDefault(LIMIT, "");
    if (!chosen.matches("[0-9]{0,9}")) {
      throw new RecipeException(LIMIT + ": must be a whole number of gigabytes, is " + chosen);
    }
    long gigabytes = chosen.isEmpty() ? DEFAULT_LIMIT : Long.parseLong(chosen);
    return new FileCopies(CacheFolder.of("packs"), gigabytes * GIGABYTE);
  }

  /**
   * Copies that stay as long as they are used.
   *
   * @param paths of the files, in order
   * @param use to be closed in the end
   */
  record Copied(List<Path> paths, CopyUse use) {}

  /**
   * Fetches what is not there yet; one training does so while others of the same files wait.
   *
   * @throws DataException if a file has not the bytes that the store's manifest tells of
   */
  Copied copy(List<DataFile> files) throws IOException, InterruptedException {
    String name = name(files);
    Path set = folder.resolve(name);
    Files.createDirectories(set);
    try (CacheLock lock = CacheLock.take(lockOf(name))) {
      Files.createDirectories(set); // it may have gone while this thread waited
      Files.setLastModifiedTime(lockOf(name), FileTime.from(Instant.now()));
      deleteHalfMade(set);
      makeRoom(name, files.stream().mapToLong(DataFile::bytes).sum());
      List<Path> paths = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        Path path = set.resolve("file-%05d".formatted(i));
        if (!isWhole(path, files.get(i))) {
          fetch(files.get(i), path);
        }
        paths.add(path);
      }
      return new Copied(paths, CopyUse.begin(set));
    }
  }

  private static String name(List<DataFile> files) {
    return Sha256.hex(files.stream().map(DataFile::sha256).collect(Collectors.joining("\n")));
  }

  /** Beside the folder, so that the folder can go while it is held. */
  private Path lockOf(String name) {
    return folder.resolve(name + ".lock");
  }

  private static boolean isWhole(Path path, DataFile file) throws IOException {
    return Files.isRegularFile(path)
        && Files.size(path) == file.bytes()
        && Files.getLastModifiedTime(path).equals(CHECKED);
  }

  private static void deleteHalfMade(Path set) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(set, ".*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void fetch(DataFile file, Path path) throws IOException, InterruptedException {
    LOG.info("fetching {}, {} MB", file.uri(), file.bytes() >> 20);
    Path temporary = path.resolveSibling("." + path.getFileName() + "-" + UUID.randomUUID());
    try {
      MessageDigest digest = Sha256.begin();
      try (InputStream in = StoredFiles.open(file.uri());
          OutputStream out = Files.newOutputStream(temporary)) {
        byte[] part = new byte[1 << 20];
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
          if (Thread.interrupted()) {
            throw new InterruptedException("stopped while it fetched " + file.uri());
          }
          digest.update(part, 0, read);
          out.write(part, 0, read);
        }
      }
      String found = HexFormat.of().formatHex(digest.digest());
      if (!found.equals(file.sha256())) {
        throw new DataException(
            "%s has SHA-256 %s, its manifest says %s; run again, which makes it anew"
                .formatted(file.uri(), found, file.sha256()));
      }
      Files.setLastModifiedTime(temporary, CHECKED);
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Deletes other sets that nobody uses, the one used longest ago first, until one of so many bytes
   * is within the limit.
   */
  private void makeRoom(String kept, long wanted) throws IOException, InterruptedException {
    long bytes = wanted;
    List<Other> others = new ArrayList<>();
    try (DirectoryStream<Path> locks = Files.newDirectoryStream(folder, "*.lock")) {
      for (Path lock : locks) {
        String name = lock.getFileName().toString().replace(".lock", "");
        if (!name.equals(kept)) {
          bytes += size(folder.resolve(name));
          others.add(new Other(name, Files.getLastModifiedTime(lock)));
        }
      }
    }
    others.sort((a, b) -> a.used().compareTo(b.used()));
    for (Other other : others) {
      if (bytes > limit) {
        bytes -= delete(other.name());
      }
    }
  }

  private record Other(String name, FileTime used) {}

  /** Deletes a set unless it is used; returns the bytes that are free now. */
  private long delete(String name) throws IOException, InterruptedException {
    Path set = folder.resolve(name);
    var lock = CacheLock.tryTake(lockOf(name));
    if (lock.isEmpty()) {
      return 0;
    }
    try (CacheLock held = lock.get()) {
      if (!Files.isDirectory(set) || CopyUse.any(set)) {
        return 0;
      }
      final long bytes = size(set);
      LOG.info("deleting {}, used last {}", set, Files.getLastModifiedTime(lockOf(name)));
      for (Path file : files(set)) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(set);
      return bytes;
    }
  }

  private static List<Path> files(Path set) throws IOException {
    if (!Files.isDirectory(set)) {
      return List.of();
    }
    try (var files = Files.list(set)) {
      return files.toList();
    }
  }

  private static long size(Path set) throws IOException {
    long bytes = 0;
    for (Path file : files(set)) {
      bytes += file.toFile().length(); // 0 if it is gone by now
    }
    return bytes;
  }
}
