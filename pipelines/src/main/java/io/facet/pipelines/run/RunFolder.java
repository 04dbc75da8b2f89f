package io.facet.pipelines.run;

import java.nio.file.Path;

/**
 * Where a store keeps what belongs to one run: {@code runs/RUN/}.
 *
 * @param store folder of the store on this machine
 * @param run its id
 */
public record RunFolder(Path store, String run) {
  static final String RUNS = "runs";

  /** The folder. */
  public Path path() {
    return store.resolve(RUNS).resolve(run);
  }

  /** Its {@link RunRecord}. */
  public Path record() {
    return path().resolve("run.json");
  }

  /** What a driver in the background says. */
  public Path log() {
    return path().resolve("driver.log");
  }
}
