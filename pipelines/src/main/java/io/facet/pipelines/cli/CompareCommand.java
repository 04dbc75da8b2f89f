package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.cli.FaceChoice.Face;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how alike two faces are to a model, and whether that makes them one person. */
@Command(
    name = "compare",
    description =
        "Says how alike the faces of two photographs are to a model, and whether that makes them one"
            + " person: by the threshold of its own evaluation, where the model lies in a store.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Mixin private PhotographOptions photographs;

  @Mixin private FaceChoice faces;

  @Mixin private ThresholdOptions threshold;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Write both aligned faces side by side (PNG).")
  private Path picture;

  @Parameters(paramLabel = "A", index = "0", description = "A photograph.")
  private Path one;

  @Parameters(paramLabel = "B", index = "1", description = "Another.")
  private Path other;

  @Spec private CommandSpec spec;

  /** A face of each photograph, and how alike they are. */
  private record Match(Face one, Face other, double similarity) {}

  @Override
  public Integer call() throws IOException {
    threshold.check();
    faces.check(photographs);
    if (picture != null) {
      if (!picture.toString().endsWith(".png")) {
        throw new RecipeException("--picture: %s must end in .png".formatted(picture));
      }
      picture =
          NamedFile.output("--picture", picture, List.of(one, other, photographs.model().file()));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (FaceEmbedder embedder = photographs.open()) {
      List<Match> matches = matches(embedder);
      Match best = matches.get(0);
      ThresholdOptions.Chosen chosen = threshold.of(photographs.model());
      out.printf(
          Locale.ROOT,
          "similarity %.4f%s%n%s%n",
          best.similarity(),
          faces.all() ? between(best) : "",
          verdict(best, chosen));
      if (faces.all()) {
        out.print(table(matches, chosen).toText());
      }
      if (picture != null) {
        Pixels both = beside(best.one().aligned().crop(), best.other().aligned().crop());
        NamedFile.write("--picture", picture, FaceEncoder.png(both));
        out.println("both faces in " + picture);
      }
    }
    return 0;
  }

  /** Every face of the one photograph with every face of the other, the most alike first. */
  private List<Match> matches(FaceEmbedder embedder) {
    PrintWriter err = spec.commandLine().getErr();
    List<Face> left = faces.of(one, embedder, err);
    List<Face> right = faces.of(other, embedder, err);
    return left.stream()
        .flatMap(a -> right.stream().map(b -> match(a, b)))
        .sorted(Comparator.comparingDouble(Match::similarity).reversed())
        .toList();
  }

  private static Match match(Face one, Face other) {
    return new Match(one, other, FaceEmbedder.similarity(one.embedding(), other.embedding()));
  }

  private static String between(Match best) {
    return ", face %d of A and face %d of B".formatted(best.one().number(), best.other().number());
  }

  private static TextTable table(List<Match> matches, ThresholdOptions.Chosen chosen) {
    TextTable table = new TextTable("face of A", "face of B", "similarity", "");
    for (Match match : matches) {
      table.row(
          match.one().place(),
          match.other().place(),
          String.format(Locale.ROOT, "%.4f", match.similarity()),
          chosen.cosine().isPresent() ? words(match, chosen) : "");
    }
    return table;
  }

  private static String verdict(Match match, ThresholdOptions.Chosen chosen) {
    return chosen.cosine().isPresent()
        ? words(match, chosen) + ": " + chosen.words()
        : chosen.words();
  }

  private static String words(Match match, ThresholdOptions.Chosen chosen) {
    return match.similarity() >= chosen.cosine().orElseThrow() ? "one person" : "different people";
  }

  private static Pixels beside(Pixels left, Pixels right) {
    int row = left.width() * 3;
    byte[] joined = new byte[2 * row * left.height()];
    for (int y = 0; y < left.height(); y++) {
      System.arraycopy(left.bgr(), y * row, joined, 2 * y * row, row);
      System.arraycopy(right.bgr(), y * row, joined, (2 * y + 1) * row, row);
    }
    return new Pixels(2 * left.width(), left.height(), joined);
  }
}
