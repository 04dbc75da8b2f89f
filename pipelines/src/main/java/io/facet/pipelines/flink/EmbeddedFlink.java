package io.facet.pipelines.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the Flink inside this process. Its REST and file servers would listen on all of the
 * machine's addresses; they are for this process alone.
 */
public final class EmbeddedFlink {
  /**
   * The embedded worker would look for large descriptions of tasks on a file server at the
   * machine's name, where none listens any more: nothing is handed over that way.
   */
  private static final String SETTINGS =
      """
      rest.bind-address: localhost
      jobmanager.bind-host: localhost
      taskmanager.bind-host: localhost
      blob.offload.minsize: %d
      """
          .formatted(Integer.MAX_VALUE);

  private EmbeddedFlink() {}

  private static final class Holder {
    static final Path FOLDER = write();

    private static Path write() {
      try {
        Path folder = Files.createTempDirectory("facet-flink-");
        folder.toFile().deleteOnExit();
        Path file = Files.writeString(folder.resolve("config.yaml"), SETTINGS);
        file.toFile().deleteOnExit();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException("no scratch file can be written", e);
      }
    }
  }

  /**
   * A configuration folder as Flink reads it, gone when the process ends; empty where the user's
   * {@code FLINK_CONF_DIR} names another.
   */
  public static Optional<Path> settings() {
    return System.getenv("FLINK_CONF_DIR") == null ? Optional.of(Holder.FOLDER) : Optional.empty();
  }
}
