package io.facet.pipelines.trace;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.run.RunFolder;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where an artifact comes from, back to the sources.
 *
 * @param steps the artifact and all it was made from, itself first
 * @param missing artifacts it was made from that the store no longer has: instance and fingerprint
 * @param sources of the ingest it goes back to; none without one
 * @param run that made it
 * @param recipe name of that run's recipe, empty if the store has no record of the run
 * @param command that makes it again, empty if unknown
 * @param reproduction file with the resolved recipe, empty if it is not there
 * @param gitCommit of the program
 * @param seed of the recipe
 */
public record Origin(
    List<Step> steps,
    Map<String, String> missing,
    List<Source> sources,
    String run,
    String recipe,
    String command,
    String reproduction,
    String gitCommit,
    long seed) {

  /** An artifact on the way. */
  public record Step(String instance, String fingerprint, String run, String finished, String uri) {
    static Step of(Artifact artifact) {
      Manifest manifest = artifact.manifest();
      return new Step(
          manifest.instance(),
          manifest.fingerprint(),
          manifest.originRun(),
          manifest.finished(),
          artifact.uri());
    }
  }

  /**
   * A source of images.
   *
   * @param label in the tables: {@code train.0}, or the name of a set
   * @param kind key and options as the recipe has them
   * @param folder that relative paths start from
   * @param samples names of images by split
   * @param people different identities
   */
  public record Source(
      String label, String kind, String folder, Map<String, Long> samples, long people) {}

  /** What is read of table {@code samples}. */
  private record Sample(String source, String identity, String split) {}

  /** Goes back from an artifact. */
  public static Origin of(StoreGraph graph, Artifact artifact, Path store) {
    List<Step> steps = new ArrayList<>(List.of(Step.of(artifact)));
    Map<String, String> missing = new TreeMap<>(graph.missingParents(artifact));
    for (Artifact one : graph.ancestors(artifact)) {
      steps.add(Step.of(one));
      missing.putAll(graph.missingParents(one));
    }
    Manifest manifest = artifact.manifest();
    Optional<RunRecord> run =
        new RunRecords(store).read(new RunFolder(store, manifest.originRun()));
    Path reproduction = new RunFolder(store, manifest.originRun()).path().resolve("reproduce.json");
    return new Origin(
        steps,
        missing,
        graph.nearest(artifact, Stages.INGEST).map(Origin::sources).orElse(List.of()),
        manifest.originRun(),
        run.map(RunRecord::recipe).orElse(""),
        run.map(RunRecord::command).orElse(""),
        Files.exists(reproduction) ? reproduction.toString() : "",
        manifest.gitCommit(),
        manifest.seed());
  }

  /** The sources of an ingest, with what came from each. */
  static List<Source> sources(Artifact ingest) {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    Map<String, Set<String>> people = new TreeMap<>();
    try (ParquetTable.Rows<Sample> rows =
        ParquetTable.read(Sample.class, ingest.tableUris("samples"))) {
      for (Sample row : rows) {
        counts
            .computeIfAbsent(row.source(), source -> new TreeMap<>())
            .merge(row.split(), 1L, Long::sum);
        if (!row.identity().isEmpty()) {
          people.computeIfAbsent(row.source(), source -> new HashSet<>()).add(row.identity());
        }
      }
    }
    JsonNode recipe = ingest.manifest().recipe();
    List<Source> sources = new ArrayList<>();
    counts.forEach(
        (label, splits) ->
            sources.add(
                new Source(
                    label,
                    SourceText.kind(recipe, label),
                    recipe.path("root").asText(),
                    splits,
                    people.getOrDefault(label, Set.of()).size())));
    return sources;
  }
}
