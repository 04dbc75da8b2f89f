package io.facet.pipelines.run;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;

/**
 * Runs recipes from Java, as {@code facet run} does:
 *
 * <pre>{@code
 * RunRequest request =
 *     RunRequest.of(Path.of("my-people.yaml"))
 *         .withSetting("distill.epochs=2")
 *         .withStore("/data/facet");
 * RunResult result = Facet.run(request);
 * for (LeaderboardRow row : result.leaderboard()) {
 *   System.out.printf("%s %s %.2f %%%n", row.set(), row.name(), 100 * row.accuracy());
 * }
 * }</pre>
 */
public final class Facet {
  private Facet() {}

  /**
   * Runs a recipe and tells nobody; what is there already is reused.
   *
   * @return how it ended; a stage that failed is told there
   * @throws RecipeException if the recipe is wrong
   * @throws DataException if its data cannot be planned
   * @throws InfrastructureException if store, cluster or MLflow's address cannot be used
   */
  public static RunResult run(RunRequest request) {
    return run(request, Console.silent());
  }

  /** As {@link #run(RunRequest)}, and tells somebody. */
  public static RunResult run(RunRequest request, Console console) {
    return new RecipeRun(request, console).execute();
  }
}
