package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.pipelines.cli.FaceChoice.Face;
import io.facet.pipelines.embed.Gallery;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ranks the people of a gallery by their likeness to a face. */
@Command(
    name = "identify",
    description =
        "Says who of a gallery is on a photograph: people ranked by their most alike image, and"
            + " whether the first passes the threshold.",
    mixinStandardHelpOptions = true)
final class IdentifyCommand implements Callable<Integer> {
  @Mixin private PhotographOptions photographs;

  @Mixin private FaceChoice faces;

  @Mixin private ThresholdOptions threshold;

  @Option(
      names = "--gallery",
      paramLabel = "FOLDER",
      required = true,
      description = "Known people: a folder of images for each, or one image named as the person.")
  private Path gallery;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "People to show (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(names = "--json", paramLabel = "FILE", description = "Write a machine-readable summary.")
  private Path json;

  @Parameters(paramLabel = "IMAGE", description = "A photograph.")
  private Path image;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    threshold.check();
    faces.check(photographs);
    if (top < 1) {
      throw new RecipeException("--top: must be at least 1, is " + top);
    }
    Path file =
        json == null
            ? null
            : NamedFile.output("--json", json, List.of(image, photographs.model().file()));
    try (FaceEmbedder embedder = photographs.open()) {
      PrintWriter err = spec.commandLine().getErr();
      List<Face> found = faces.of(image, embedder, err);
      Gallery known = Gallery.of(gallery, embedder);
      known
          .rejected()
          .forEach(one -> err.printf("facet: left out: %s: %s%n", one.image(), one.reason()));
      List<Ranking> rankings = found.stream().map(face -> ranking(face, known)).toList();
      int people = rankings.get(0).people();
      if (people == 0) {
        throw new DataException(
            "--gallery: no image below %s gave a face%s"
                .formatted(
                    gallery, photographs.model().detector().isEmpty() ? "; add --detector" : ""));
      }
      ThresholdOptions.Chosen chosen = threshold.of(photographs.model());
      rankings.forEach(ranking -> print(ranking, chosen));
      if (file != null) {
        NamedFile.write("--json", file, summary(rankings, chosen));
      }
    }
    return 0;
  }

  /**
   * Who a face may be.
   *
   * @param shown the first {@code --top}, the most alike first
   * @param people in the gallery
   */
  private record Ranking(Face face, List<Gallery.Match> shown, int people) {
    Gallery.Match first() {
      return shown.get(0);
    }
  }

  private Ranking ranking(Face face, Gallery known) {
    List<Gallery.Match> ranked = known.ranked(face.embedding());
    return new Ranking(face, ranked.subList(0, Math.min(top, ranked.size())), ranked.size());
  }

  private void print(Ranking ranking, ThresholdOptions.Chosen chosen) {
    TextTable table = new TextTable("rank", "person", "similarity", "image");
    for (int i = 0; i < ranking.shown().size(); i++) {
      Gallery.Match match = ranking.shown().get(i);
      table.row(
          Integer.toString(i + 1),
          match.person(),
          String.format(Locale.ROOT, "%.4f", match.similarity()),
          match.image());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (faces.all()) {
      out.printf("face %s%n", ranking.face().place());
    }
    out.print(table.toText());
    if (chosen.cosine().isEmpty()) {
      out.println(chosen.words());
    } else if (passes(ranking.first(), chosen)) {
      out.printf(
          "%s, of %d people: %s%n", ranking.first().person(), ranking.people(), chosen.words());
    } else {
      out.printf("none of the %d people: %s%n", ranking.people(), chosen.words());
    }
  }

  private static boolean passes(Gallery.Match match, ThresholdOptions.Chosen chosen) {
    return match.similarity() >= chosen.cosine().orElseThrow();
  }

  /** One face's fields stand in the summary itself, those of all faces in a list. */
  private byte[] summary(List<Ranking> rankings, ThresholdOptions.Chosen chosen) {
    ObjectNode summary = new JsonMapper().createObjectNode();
    summary.put("image", image.toString()).put("people", rankings.get(0).people());
    chosen.cosine().ifPresent(cosine -> summary.put("threshold", cosine));
    if (faces.all()) {
      ArrayNode list = summary.putArray("faces");
      for (Ranking ranking : rankings) {
        ObjectNode face = list.addObject().put("face", ranking.face().number());
        ArrayNode landmarks = face.putArray("landmarks");
        for (float coordinate : ranking.face().aligned().landmarks()) {
          landmarks.add(coordinate);
        }
        put(face, ranking, chosen);
      }
    } else {
      put(summary, rankings.get(0), chosen);
    }
    return (summary.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode tree, Ranking ranking, ThresholdOptions.Chosen chosen) {
    if (chosen.cosine().isPresent()) {
      boolean passes = passes(ranking.first(), chosen);
      tree.put("person", passes ? ranking.first().person() : null);
    }
    ArrayNode ranked = tree.putArray("ranked");
    for (Gallery.Match match : ranking.shown()) {
      ranked
          .addObject()
          .put("person", match.person())
          .put("similarity", match.similarity())
          .put("image", match.image());
    }
  }
}
