package io.facet.pipelines.artifact;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;

/**
 * Local disks: the bytes are written and forced under another name, then linked to the final one,
 * which fails if it exists. Where links are unknown, create-new serves.
 */
@AutoService(PutIfAbsent.class)
public final class LocalPutIfAbsent implements PutIfAbsent {
  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public boolean put(String uri, byte[] bytes) throws IOException {
    Path target = LocalFiles.path(uri);
    Files.createDirectories(target.getParent());
    if (Files.exists(target)) {
      return false;
    }
    Path temporary = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
    try {
      write(temporary, bytes);
      return link(target, temporary, bytes);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static boolean link(Path target, Path temporary, byte[] bytes) throws IOException {
    try {
      try {
        Files.createLink(target, temporary);
      } catch (UnsupportedOperationException e) {
        write(target, bytes);
      }
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    LocalFiles.force(target.getParent());
    return true;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }
}
