package io.facet.pipelines.trace;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.MetricRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An artifact, such as a model, back to its sources and on to what was made and measured of it.
 *
 * @param instance its name
 * @param fingerprint of it
 * @param origin where it comes from
 * @param made from it, directly or not
 * @param figures measured of it
 */
public record ArtifactTrace(
    String instance,
    String fingerprint,
    Origin origin,
    List<Origin.Step> made,
    List<FigureTrace.Figure> figures) {

  /** Traces an artifact. */
  public static ArtifactTrace of(StoreGraph graph, Artifact artifact, Path store) {
    String fingerprint = artifact.manifest().fingerprint();
    List<FigureTrace.Figure> figures = new ArrayList<>();
    List<Artifact> made = graph.descendants(List.of(fingerprint));
    for (Artifact one : made) {
      boolean measuresIt =
          one.manifest().stage().equals(Stages.EVALUATE)
              && one.manifest().table("metrics").isPresent()
              && !artifact.manifest().attachments().isEmpty()
              && one.manifest().parents().containsValue(fingerprint);
      if (measuresIt) {
        ParquetTable.readAll(MetricRow.class, one.tableUris("metrics")).stream()
            .filter(row -> !row.set().isEmpty())
            .map(FigureTrace.Figure::of)
            .forEach(figures::add);
      }
    }
    return new ArtifactTrace(
        artifact.manifest().instance(),
        fingerprint,
        Origin.of(graph, artifact, store),
        made.stream().map(Origin.Step::of).toList(),
        figures);
  }
}
