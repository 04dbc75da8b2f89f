package io.facet.pipelines.artifact;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** What local disks need beyond Beam's file systems: durability. Object stores have it anyway. */
public final class LocalFiles {
  private LocalFiles() {}

  /** Whether a path or URI names a file of this machine. */
  public static boolean isLocal(String uri) {
    return PutIfAbsent.scheme(uri).equals("file");
  }

  /** The path of a local file, given as path or URI. */
  public static Path path(String uri) {
    return uri.startsWith("file:") ? Path.of(URI.create(uri)) : Path.of(uri);
  }

  /** Replaces a small file so that no reader sees a part of it, as far as the store can. */
  public static void replace(String uri, byte[] bytes) throws IOException {
    if (!isLocal(uri)) {
      StoredFiles.write(uri, bytes);
      return;
    }
    Path target = path(uri);
    Path temporary = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.write(temporary, bytes);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Deletes a local folder with all that is in it; one that is gone does not matter. */
  public static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Waits until a file, or the list of names of a folder, is on the disk. */
  static void force(Path path) throws IOException {
    boolean folder = Files.isDirectory(path);
    if (folder && System.getProperty("os.name").startsWith("Windows")) {
      return; // Windows opens no folders and writes their names through
    }
    StandardOpenOption mode = folder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
