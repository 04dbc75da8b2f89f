package io.facet.transforms.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.util.MimeTypes;

/** How {@link StoredFiles} writes: whole in spite of interrupts, and of a storage that fails. */
final class FileWriting {
  private static final int MOST_TRIES = 3;

  /** Bytes up to which a file goes to a shared storage in one request. */
  private static final long LARGEST_WHOLE = 256L << 20;

  private FileWriting() {}

  /** See {@link StoredFiles#write(String, byte[])}. */
  static void write(String uri, byte[] bytes) throws IOException {
    Optional<SharedFiles> shared = SharedFiles.of(uri);
    if (shared.isPresent()) {
      whole(() -> shared.get().write(uri, bytes));
    } else {
      write(uri, out -> out.write(bytes));
    }
  }

  /** See {@link StoredFiles#write(String, StoredFiles.Content)}. */
  static void write(String uri, StoredFiles.Content content) throws IOException {
    Optional<SharedFiles> shared = SharedFiles.of(uri);
    whole(
        () -> {
          if (shared.isPresent()) {
            spooled(shared.get(), uri, content);
          } else {
            streamed(uri, content);
          }
        });
  }

  private static void streamed(String uri, StoredFiles.Content content) throws IOException {
    try (OutputStream out =
        Channels.newOutputStream(FileSystems.create(StoredFiles.resource(uri), MimeTypes.BINARY))) {
      content.writeTo(out);
    }
  }

  /**
   * By way of a local file: in one request if it is not too large, else streamed as often as the
   * storage loses it on the way.
   */
  private static void spooled(SharedFiles shared, String uri, StoredFiles.Content content)
      throws IOException {
    Path spool = Files.createTempFile("facet-", ".spool");
    try {
      try (OutputStream out = Files.newOutputStream(spool)) {
        content.writeTo(out);
      }
      if (Files.size(spool) <= LARGEST_WHOLE) {
        shared.write(uri, Files.readAllBytes(spool));
        return;
      }
      for (int tries = 1; ; tries++) {
        try {
          streamed(uri, out -> Files.copy(spool, out));
          return;
        } catch (IOException | RuntimeException e) {
          if (tries == MOST_TRIES) {
            throw e;
          }
        }
      }
    } finally {
      Files.deleteIfExists(spool);
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void whole(Writing writing) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (int tries = 1; ; tries++) {
        try {
          writing.run();
          return;
        } catch (ClosedByInterruptException | InterruptedIOException e) {
          interrupted |= Thread.interrupted();
          if (!interrupted || tries == MOST_TRIES) {
            throw e;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
