package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
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
  private String store;

  /**
   * Its absolute path.
   *
   * @throws RecipeException for a store elsewhere
   */
  Path folder() {
    if (store.contains("://")) {
      throw new RecipeException(
          "--store %s: this command reads what a run keeps on this machine; give the folder %s where"
                  .formatted(store, USUAL)
              + " the run was started");
    }
    return Path.of(store).toAbsolutePath().normalize();
  }
}
