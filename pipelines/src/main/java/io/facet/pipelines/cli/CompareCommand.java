package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.report.NamedFile;
import java.io.IOException;
import java.io.PrintWriter;
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

/** Says how alike two faces are to a model, and whether that makes them one person. */
@Command(
    name = "compare",
    description =
        "Says how alike the faces of two photographs are to a model, and whether that makes them one"
            + " person: by the threshold of its own evaluation, where the model lies in a store.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Mixin private PhotographOptions photographs;

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

  @Override
  public Integer call() throws IOException {
    threshold.check();
    if (picture != null) {
      if (!picture.toString().endsWith(".png")) {
        throw new RecipeException("--picture: %s must end in .png".formatted(picture));
      }
      picture =
          NamedFile.output("--picture", picture, List.of(one, other, photographs.model().file()));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (FaceEmbedder embedder = photographs.open()) {
      Pixels left = face(embedder, one);
      Pixels right = face(embedder, other);
      float[][] rows = embedder.embed(List.of(left, right));
      double similarity = FaceEmbedder.similarity(rows[0], rows[1]);
      out.printf(Locale.ROOT, "similarity %.4f%n%s%n", similarity, verdict(similarity));
      if (picture != null) {
        NamedFile.write("--picture", picture, FaceEncoder.png(beside(left, right)));
        out.println("both faces in " + picture);
      }
    }
    return 0;
  }

  private String verdict(double similarity) throws IOException {
    ThresholdOptions.Chosen chosen = threshold.of(photographs.model());
    return chosen.cosine().isPresent()
        ? words(similarity, chosen.cosine().getAsDouble()) + ": " + chosen.words()
        : chosen.words();
  }

  private static String words(double similarity, double threshold) {
    return similarity >= threshold ? "one person" : "different people";
  }

  private static Pixels face(FaceEmbedder embedder, Path photograph) {
    AlignmentResult result = embedder.align(NamedFile.read(photograph));
    if (result instanceof Rejected rejected) {
      throw new DataException(
          "%s: %s".formatted(photograph, PhotographOptions.explained(rejected)));
    }
    return ((Aligned) result).crop();
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
