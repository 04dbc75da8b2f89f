package io.facet.pipelines.reproduce;

import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Descriptions of runs in a store: {@code runs/RUN/reproduce.json}. */
public final class StoredRuns {
  private StoredRuns() {}

  /** Keeps the description of a run. */
  public static void keep(Path store, Reproduction run) {
    Path file = file(store, run.run());
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, run.json());
    } catch (IOException e) {
      throw new InfrastructureException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** The description of a run, if the store has it. */
  public static Optional<Reproduction> find(Path store, String run) {
    Path file = file(store, run);
    if (!run.matches("[A-Za-z0-9_-]+") || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Reproduction.parse(file.toString(), Files.readString(file)));
    } catch (IOException e) {
      throw new InfrastructureException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Path file(Path store, String run) {
    return store.resolve("runs").resolve(run).resolve(Reproduction.FILE);
  }
}
