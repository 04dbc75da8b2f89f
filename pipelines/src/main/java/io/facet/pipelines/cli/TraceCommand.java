package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.StoredBeside;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.trace.ArtifactTrace;
import io.facet.pipelines.trace.FigureTrace;
import io.facet.pipelines.trace.ImageTrace;
import io.facet.pipelines.trace.KnownImages;
import io.facet.pipelines.trace.StoreGraph;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a figure or a model back to its pictures, or from a picture to all that it touched. */
@Command(
    name = "trace",
    description =
        "Follows a figure or an artifact back to pairs, faces, images, source files and recipe; or"
            + " an image to its samples, faces, pairs, artifacts and models.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "WHAT",
      description =
          "MODEL/SET/METRIC, as the leaderboard names them (METRIC and a single SET may be left"
              + " out); a file of the store, such as a model, or the beginning of a fingerprint; an"
              + " image: a file, at least 6 digits of its SHA-256, or its name in a source.")
  private String what;

  @Mixin private StoreOption store;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      defaultValue = "",
      description = "The figure of this run, by the beginning of its id; default: the newest.")
  private String run;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "5",
      description = "Pairs and scores shown at most (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the whole trace as JSON.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (rows < 0) {
      throw new RecipeException("--rows: must be at least 0, is " + rows);
    }
    if (!Files.isDirectory(store.folder())) {
      throw new DataException(store.folder() + ": no store is there; see --store");
    }
    if (json != null) {
      json = NamedFile.output("--json", json, List.of(Path.of(what)));
    }
    try (ArtifactStore opened = ArtifactStore.open(store.folder().toString())) {
      trace(StoreGraph.of(opened));
    }
    return ExitCodes.OK;
  }

  private void trace(StoreGraph graph) throws IOException {
    Optional<Artifact> artifact = artifact(graph);
    if (artifact.isPresent()) {
      ArtifactTrace trace = ArtifactTrace.of(graph, artifact.get(), store.folder());
      show("artifact", trace, TraceText.of(trace));
      return;
    }
    Optional<String> image = new KnownImages(graph).find(what);
    if (image.isPresent()) {
      ImageTrace trace = ImageTrace.of(graph, image.get());
      show("image", trace, TraceText.of(trace, rows));
      return;
    }
    Optional<FigureTrace> figure =
        Files.exists(Path.of(what))
            ? Optional.empty()
            : FigureTrace.of(graph, FigureTrace.Asked.parse(what, run), rows, store.folder());
    if (figure.isPresent()) {
      show("figure", figure.get(), TraceText.of(figure.get()));
      return;
    }
    throw new DataException(
        "'%s': %s knows no model, artifact or image of that name; 'facet leaderboard' shows models"
            .formatted(what, store.folder()));
  }

  /** By a file that lies in it, or by its fingerprint. */
  private Optional<Artifact> artifact(StoreGraph graph) throws IOException {
    Path path = Path.of(what);
    if (Files.exists(path)) {
      Path whole = path.toAbsolutePath().normalize();
      Optional<Path> folder =
          StoredBeside.artifactOf(
              Files.isDirectory(whole) ? whole.resolve("manifest.json") : whole);
      return folder.isEmpty()
          ? Optional.empty()
          : graph.get(StoredBeside.manifest(folder.get()).fingerprint());
    }
    if (!KnownImages.looksLikeId(what)) {
      return Optional.empty();
    }
    List<Artifact> found = graph.startingWith(what);
    if (found.size() > 1) {
      throw new RecipeException(
          "'%s' fits %d artifacts: %s; give more digits"
              .formatted(
                  what,
                  found.size(),
                  String.join(
                      ", ",
                      found.stream()
                          .map(a -> a.manifest().instance() + " " + a.manifest().fingerprint())
                          .toList())));
    }
    return found.stream().findFirst();
  }

  private void show(String kind, Record trace, String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
    if (json != null) {
      ObjectNode tree = (ObjectNode) RecordBinder.toTree(trace);
      tree.put("kind", kind);
      NamedFile.write("--json", json, JsonText.pretty(tree).getBytes(StandardCharsets.UTF_8));
    }
  }
}
