package io.facet.pipelines.forget;

import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import java.nio.file.Path;
import java.time.Instant;

/** Nothing is deleted under somebody who works. */
final class LivingRuns {
  private LivingRuns() {}

  /**
   * Refuses while a run of the store is alive.
   *
   * @throws RecipeException naming it and the cure
   */
  static void refuse(Path folder, ArtifactStore store) {
    for (RunRecord run : new RunRecords(folder).all()) {
      if (run.state() == RunRecord.State.RUNNING && run.driverLives(Instant.now())) {
        throw new RecipeException(
            "run %s of %s is alive (process %d on %s); wait for its end, or stop it: ./infra/facet cancel %s"
                .formatted(
                    run.recipe(),
                    folder,
                    run.driver().pid(),
                    run.driver().host(),
                    run.run().substring(0, Math.min(8, run.run().length()))));
      }
    }
    if (store.busy()) {
      throw new RecipeException(
          "somebody makes an artifact in %s; wait for its end ('facet status' shows runs), a dead process is passed over after %d minutes"
              .formatted(folder, ArtifactStore.LEASE.toMinutes()));
    }
  }
}
