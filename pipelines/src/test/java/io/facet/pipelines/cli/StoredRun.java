package io.facet.pipelines.cli;

import io.facet.pipelines.ProcessIdentity;
import io.facet.pipelines.overview.SmallStore;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.reproduce.StoredRuns;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A finished run in a store, with the artifacts of a {@link SmallStore}. */
final class StoredRun {
  static final String ID = "1f0c0000-0000-4000-8000-000000000001";

  private StoredRun() {}

  /** Writes it; the recipe is kept as given. */
  static void write(Path store, List<String> models, String recipe) throws IOException {
    try (SmallStore small = new SmallStore(store, models, 200)) {
      List<RunRecord.Instance> instances =
          small.artifacts().stream()
              .map(
                  a ->
                      new RunRecord.Instance(
                          a.manifest().instance(),
                          a.manifest().stage(),
                          a.manifest().fingerprint(),
                          RunRecord.InstanceState.DONE,
                          Optional.of("2026-01-01T00:00:00Z"),
                          1.5,
                          ""))
              .toList();
      new RunRecords(store)
          .write(
              new RunRecord(
                  ID,
                  "tiny",
                  store.toString(),
                  store.toString(),
                  "./infra/facet run tiny.yaml",
                  "[local]",
                  "",
                  ProcessIdentity.current(),
                  "2026-01-01T00:00:00Z",
                  "2026-01-01T00:02:00Z",
                  RunRecord.State.FINISHED,
                  Optional.of("2026-01-01T00:02:00Z"),
                  Optional.of(0),
                  "",
                  instances));
    }
    if (!recipe.isEmpty()) {
      StoredRuns.keep(store, new Reproduction(1, ID, recipe, Map.of(), List.of()));
    }
  }
}
