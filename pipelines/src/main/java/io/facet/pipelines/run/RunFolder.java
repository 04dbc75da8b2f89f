package io.facet.pipelines.run;

import io.facet.pipelines.overview.RunPage;
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

  /** What the run made, for people. */
  public Path page() {
    return path().resolve(RunPage.FILE);
  }

  /** The same with faces, which somebody asked for. */
  public Path pageWithPictures() {
    return path().resolve("report-with-pictures.html");
  }

  /** What a driver in the background says. */
  public Path log() {
    return path().resolve("driver.log");
  }
}
