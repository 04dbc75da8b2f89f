package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.evaluate.OwnEvaluation;
import io.facet.pipelines.report.NamedFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
  private static final double USUAL_RATE = 1e-3;

  @Mixin private PhotographOptions photographs;

  @Option(
      names = "--far",
      paramLabel = "RATE",
      description = "Share of different people who may be taken for one person (default: 0.001).")
  private Double rate;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description =
          "Verification set of the evaluation that the threshold is taken from; default: the one"
              + " with the most pairs of different people.")
  private String set;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description = "Threshold in the place of the evaluation's.")
  private Double threshold;

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
    if (rate != null && !(rate > 0 && rate < 1)) {
      throw new RecipeException("--far: must lie above 0 and below 1, is " + rate);
    }
    if (threshold != null && !(Math.abs(threshold) <= 1)) {
      throw new RecipeException("--threshold: a cosine lies in -1..1, is " + threshold);
    }
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
    if (threshold != null) {
      return "%s: the threshold is %s".formatted(words(similarity, threshold), threshold);
    }
    Optional<OwnEvaluation> evaluation = photographs.model().evaluation();
    if (evaluation.isEmpty()) {
      return "no verdict: %s; give --threshold".formatted(photographs.model().unmeasured());
    }
    OwnEvaluation.Threshold own;
    try {
      own = evaluation.get().threshold(Optional.ofNullable(set), rate == null ? USUAL_RATE : rate);
    } catch (RecipeException e) {
      if (rate != null || set != null) {
        throw e;
      }
      return "no verdict: " + e.getMessage();
    }
    return String.format(
        Locale.ROOT,
        "%s: the threshold is %.4f, at a false accept rate of %s on %s (%d different pairs)",
        words(similarity, own.cosine()),
        own.cosine(),
        own.rate(),
        own.set(),
        own.differentPairs());
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
