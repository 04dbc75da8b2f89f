package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.CalibrationOptions;
import io.facet.models.embed.FrozenModel;
import io.facet.models.embed.OnnxVariant;
import io.facet.models.embed.Precision;
import io.facet.models.face.Pixels;
import io.facet.pipelines.embed.CalibrationFaces;
import io.facet.pipelines.embed.PhotographRun;
import io.facet.pipelines.report.NamedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model as ONNX, in the precision that a phone or a server runs. */
@Command(
    name = "export",
    description =
        "Writes a model as ONNX with batch normalisation folded: in float32, float16 or int8, with"
            + " flip fusion and length 1 in the graph where asked.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Mixin private PhotographOptions photographs;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The ONNX file.")
  private Path out;

  @Option(
      names = "--precision",
      paramLabel = "WHAT",
      defaultValue = "float32",
      description =
          "float32, float16 or int8 (static, per channel; needs --calibrate, unless the model was"
              + " trained for int8) (default: ${DEFAULT-VALUE}).")
  private String precision;

  @Option(
      names = "--calibrate",
      paramLabel = "IMAGE|FOLDER",
      arity = "1..*",
      description =
          "Faces that the ranges of activations are taken from: training faces, never those that"
              + " the model is judged by. Photographs need --detector.")
  private List<Path> calibrate = List.of();

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "512",
      description = "How many of them, drawn by --seed (default: ${DEFAULT-VALUE}).")
  private int images;

  @Option(
      names = "--percentile",
      paramLabel = "P",
      defaultValue = "99.99",
      description =
          "Percent of a value's numbers that its range holds, above 50; 100 keeps all (default:"
              + " ${DEFAULT-VALUE}).")
  private double percentile;

  @Option(
      names = "--weight-bits",
      paramLabel = "N",
      defaultValue = "7",
      description =
          "Bits of a weight in int8: 7 is right on every processor; 8 is finer, for ARM and x86-64"
              + " with VNNI (default: ${DEFAULT-VALUE}).")
  private int weightBits;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the choice (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--fuse-flip",
      description = "The graph adds the embedding of the mirror image, in one pass.")
  private boolean fuseFlip;

  @Option(names = "--normalise", description = "Embeddings have length 1.")
  private boolean normalise;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    OnnxVariant variant = variant();
    List<Path> inputs = new ArrayList<>(PhotographRun.images(calibrate));
    List<Path> faces = List.copyOf(inputs);
    inputs.add(photographs.model().file());
    Path file = NamedFile.output("--out", out, inputs);
    FrozenModel model = photographs.model().onnx();
    boolean calibrates = variant.needsCrops(model.program(), photographs.model().file().toString());
    if (variant.precision() == Precision.INT8) {
      checkCalibration(calibrates);
    }
    List<Pixels> crops =
        calibrates ? CalibrationFaces.of(faces, photographs.align(), images, seed) : List.of();
    if (calibrates && crops.isEmpty()) {
      throw new DataException(
          "none of the %d images of --calibrate gave a face; photographs need --detector"
              .formatted(faces.size()));
    }
    byte[] bytes =
        variant.of(
            model.program(), photographs.model().file().toString(), model.preprocessing(), crops);
    NamedFile.write("--out", file, bytes);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %s, %,d bytes (%,d before)%s%n",
            out,
            variant.precision().key(),
            bytes.length,
            model.program().length,
            origin(variant.precision(), crops.size()));
    return 0;
  }

  /** Where the ranges of activations come from. */
  private static String origin(Precision precision, int crops) {
    if (precision != Precision.INT8) {
      return "";
    }
    return crops == 0
        ? ", with the ranges that its training learnt"
        : ", calibrated on " + crops + " faces";
  }

  private OnnxVariant variant() {
    Precision chosen =
        Precision.of(precision)
            .orElseThrow(
                () ->
                    new RecipeException(
                        "--precision: must be float32, float16 or int8, is '" + precision + "'"));
    require(images >= 1, "--images: must be at least 1, is " + images);
    require(
        percentile > 50 && percentile <= 100,
        "--percentile: must lie above 50 and not above 100, is " + percentile);
    require(weightBits == 7 || weightBits == 8, "--weight-bits: must be 7 or 8, is " + weightBits);
    return new OnnxVariant(
        chosen, fuseFlip, normalise, new CalibrationOptions(images, percentile, weightBits));
  }

  /** Faces are given exactly if ranges are to be found, and a model's own are not overruled. */
  private void checkCalibration(boolean calibrates) {
    require(
        !calibrates || !calibrate.isEmpty(),
        "--precision int8 needs --calibrate: a folder of training faces, a few hundred");
    for (String option : List.of("--calibrate", "--images", "--percentile", "--weight-bits")) {
      require(
          calibrates || !spec.commandLine().getParseResult().hasMatchedOption(option),
          option + ": the model was trained for int8 and keeps ranges and bits; leave it out");
    }
  }

  private static void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new RecipeException(otherwise);
    }
  }
}
