package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
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
    if (top < 1) {
      throw new RecipeException("--top: must be at least 1, is " + top);
    }
    Path file =
        json == null
            ? null
            : NamedFile.output("--json", json, List.of(image, photographs.model().file()));
    try (FaceEmbedder embedder = photographs.open()) {
      float[] face = face(embedder);
      Gallery known = Gallery.of(gallery, embedder);
      List<Gallery.Match> ranked = known.ranked(face);
      known
          .rejected()
          .forEach(
              one ->
                  spec.commandLine()
                      .getErr()
                      .printf("facet: left out: %s: %s%n", one.image(), one.reason()));
      if (ranked.isEmpty()) {
        throw new DataException(
            "--gallery: no image below %s gave a face%s"
                .formatted(
                    gallery, photographs.model().detector().isEmpty() ? "; add --detector" : ""));
      }
      ThresholdOptions.Chosen chosen = threshold.of(photographs.model());
      List<Gallery.Match> shown = ranked.subList(0, Math.min(top, ranked.size()));
      print(shown, ranked.size(), chosen);
      if (file != null) {
        NamedFile.write("--json", file, summary(shown, ranked.size(), chosen));
      }
    }
    return 0;
  }

  private float[] face(FaceEmbedder embedder) {
    AlignmentResult result = embedder.align(NamedFile.read(image));
    if (result instanceof Rejected rejected) {
      throw new DataException("%s: %s".formatted(image, PhotographOptions.explained(rejected)));
    }
    return embedder.embed(List.of(((Aligned) result).crop()))[0];
  }

  private void print(List<Gallery.Match> shown, int people, ThresholdOptions.Chosen chosen) {
    TextTable table = new TextTable("rank", "person", "similarity", "image");
    for (int i = 0; i < shown.size(); i++) {
      Gallery.Match match = shown.get(i);
      table.row(
          Integer.toString(i + 1),
          match.person(),
          String.format(Locale.ROOT, "%.4f", match.similarity()),
          match.image());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(table.toText());
    Gallery.Match first = shown.get(0);
    if (chosen.cosine().isEmpty()) {
      out.println(chosen.words());
    } else if (passes(first, chosen)) {
      out.printf("%s, of %d people: %s%n", first.person(), people, chosen.words());
    } else {
      out.printf("none of the %d people: %s%n", people, chosen.words());
    }
  }

  private static boolean passes(Gallery.Match match, ThresholdOptions.Chosen chosen) {
    return match.similarity() >= chosen.cosine().orElseThrow();
  }

  private byte[] summary(List<Gallery.Match> shown, int people, ThresholdOptions.Chosen chosen) {
    ObjectNode summary = new JsonMapper().createObjectNode();
    summary.put("image", image.toString()).put("people", people);
    chosen.cosine().ifPresent(cosine -> summary.put("threshold", cosine));
    if (chosen.cosine().isPresent()) {
      summary.put("person", passes(shown.get(0), chosen) ? shown.get(0).person() : null);
    }
    var ranked = summary.putArray("ranked");
    for (Gallery.Match match : shown) {
      ranked
          .addObject()
          .put("person", match.person())
          .put("similarity", match.similarity())
          .put("image", match.image());
    }
    return (summary.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
