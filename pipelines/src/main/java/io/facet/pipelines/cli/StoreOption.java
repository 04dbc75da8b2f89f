package io.facet.pipelines.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which store on this machine a command is about. */
final class StoreOption {
  /** The store of a command that is given none. */
  static final String USUAL = ".facet";

  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = USUAL,
      description = "The store (default: ${DEFAULT-VALUE}).")
  private Path store;

  /** Its absolute path. */
  Path folder() {
    return store.toAbsolutePath().normalize();
  }
}
