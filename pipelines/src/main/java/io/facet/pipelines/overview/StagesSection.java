package io.facet.pipelines.overview;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.report.ShortHash;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The stages of the run: how long they took, what was reused, and what came from what. */
final class StagesSection {
  private static final int MOST = 300;

  private StagesSection() {}

  static List<Tag> times(ReportedRun run) {
    PageTable table =
        new PageTable(
            "Stages in the order of the plan",
            "stage",
            "state",
            "#time",
            "#rows",
            "#bytes",
            "remark");
    for (ReportedRun.Part part : run.parts().subList(0, Math.min(MOST, run.parts().size()))) {
      table.row(
          part.name(),
          part.reused() ? "reused" : part.state(),
          part.seconds() > 0 ? Figures.duration(part.seconds()) : "-",
          part.artifact().map(a -> Figures.count(rows(a))).orElse("-"),
          part.artifact().map(a -> Figures.count(bytes(a))).orElse("-"),
          remark(run, part));
    }
    double seconds = run.parts().stream().mapToDouble(ReportedRun.Part::seconds).sum();
    return List.of(
        table.without(Math.max(0, run.parts().size() - MOST)).tag(),
        Tag.of("p", "Computed in all: %s of stage time.".formatted(Figures.duration(seconds))));
  }

  private static String remark(ReportedRun run, ReportedRun.Part part) {
    if (!part.note().isEmpty()) {
      return part.note();
    }
    return part.artifact()
        .map(artifact -> artifact.manifest().originRun())
        .filter(origin -> !origin.equals(run.run()))
        .map(origin -> "made by run " + origin)
        .orElse("");
  }

  private static long rows(Artifact artifact) {
    return artifact.manifest().tables().stream().mapToLong(Manifest.Table::rows).sum();
  }

  private static long bytes(Artifact artifact) {
    return artifact.manifest().files().stream().mapToLong(Manifest.DataFile::bytes).sum();
  }

  static List<Tag> lineage(ReportedRun run) {
    PageTable table =
        new PageTable(
            "What each stage was made from; a fingerprint is the digest of everything that decides"
                + " a result",
            "stage",
            "fingerprint",
            "made from",
            "tables and digests",
            "program");
    run.artifacts()
        .limit(MOST)
        .forEach(
            artifact -> {
              Manifest manifest = artifact.manifest();
              table.row(
                  List.of(
                      Tag.foreign(manifest.instance()),
                      Tag.of("code", ShortHash.of(manifest.fingerprint())),
                      Tag.foreign(parents(manifest)),
                      Tag.foreign(
                          manifest.tables().stream()
                              .map(t -> t.name() + " " + ShortHash.of(t.digest()))
                              .collect(Collectors.joining(", "))),
                      Tag.of("code", ShortHash.of(manifest.gitCommit()))));
            });
    return table.isEmpty()
        ? List.of(Tag.of("p", "No stage has left an artifact that is still in the store."))
        : List.of(table.tag());
  }

  private static String parents(Manifest manifest) {
    return manifest.parents().isEmpty()
        ? "the recipe's sources"
        : manifest.parents().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(parent -> parent.getKey() + " " + ShortHash.of(parent.getValue()))
            .collect(Collectors.joining(", "));
  }
}
