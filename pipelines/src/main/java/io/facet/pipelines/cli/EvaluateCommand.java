package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.embed.Embedder;
import io.facet.models.embed.EmbedderLoader;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.evaluate.ModelFiles;
import io.facet.pipelines.evaluate.NamedSet;
import io.facet.pipelines.evaluate.PlainVerification;
import io.facet.pipelines.recipe.RecipeYaml;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.run.RunJson;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a model file without a recipe. */
@Command(
    name = "evaluate",
    description = "Measures a model file on verification sets, without a recipe.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  private static final long SEED = 20_230_626;
  private static final List<Double> RATES = List.of(0.01, 0.001);

  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description =
          "A model file: ours, ONNX, TorchScript, or weights of a known network"
              + " (.safetensors, .pth) together with --backbone.")
  private Path model;

  @Option(
      names = "--on",
      paramLabel = "KIND:PATH",
      required = true,
      description =
          "A verification set: lfw-pairs:FOLDER (pairs.txt and images below it),"
              + " csv-pairs:PAIRS.csv (images in the folder images beside it), bin:FILE (aligned), synthetic:SEED."
              + " Repeatable.")
  private List<String> sets;

  @Option(
      names = "--detector",
      paramLabel = "[KIND:]FILE",
      description =
          "Weights of a detector, YuNet's (ONNX) unless KIND says another; without it images must be"
              + " aligned, or drawn.")
  private String detector;

  @Option(
      names = "--backbone",
      paramLabel = "YAML",
      description =
          "Network of a file that holds weights only: iresnet or '{iresnet: {depth: 50}}'.")
  private String backbone;

  @Option(
      names = "--naming",
      paramLabel = "NAMING",
      description = "Who named the tensors of such a file: facet (default), timm, insightface, ...")
  private String naming;

  @Option(
      names = "--input",
      paramLabel = "YAML",
      description =
          "Input of a file that does not say it: '{colourOrder: bgr, mean: [...],"
              + " standardDeviation: [...]}'; default: RGB, 112x112, scaled to -1..1.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "Output of an ONNX model that gives the embeddings, where several may.")
  private String output;

  @Option(
      names = "--flip",
      negatable = true,
      description =
          "Add the embeddings of an image and its mirror image, or do not; default: as the model's"
              + " file says.")
  private Boolean flip;

  @Option(
      names = "--bootstrap",
      paramLabel = "UNIT",
      defaultValue = "identity",
      description =
          "What the bootstrap draws: identity or pair (default: ${DEFAULT-VALUE}; pair where people"
              + " are not known).")
  private String bootstrap;

  @Option(names = "--json", paramLabel = "FILE", description = "Write a machine-readable summary.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<MetricRow> rows = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(0.95, 1000, SEED, RATES, BootstrapOption.unit(bootstrap));
    try (Embedder embedder = ModelFiles.open(model, described());
        ProgressDisplay display = new ProgressDisplay(spec.commandLine().getErr(), false)) {
      VerificationMetrics.Subject subject =
          new VerificationMetrics.Subject(
              model.getFileName().toString(),
              "student",
              "",
              0,
              embedder.preprocessing().flipFusion() == FlipFusion.SUM);
      for (String set : sets) {
        display.begin(set);
        NamedSet named = NamedSet.parse(set, Optional.ofNullable(detector));
        PlainVerification.Measured measured =
            PlainVerification.measure(
                named.source(),
                AlignOptions.with(named.detector()),
                embedder,
                subject,
                options,
                (done, total) -> display.update(set, done, total, "images", ""));
        display.end(set);
        rows.addAll(measured.rows());
        notes.addAll(measured.notes());
      }
    }
    TextTable table = new TextTable("set", "figure", "value", "interval", "protocol");
    for (MetricRow row : rows) {
      table.row(
          row.set(),
          row.name(),
          String.format(Locale.ROOT, "%.5f", row.value()),
          Double.isFinite(row.low())
              ? String.format(Locale.ROOT, "[%.5f, %.5f]", row.low(), row.high())
              : "-",
          row.protocol());
    }
    notes.forEach(table::note);
    VerificationMetrics.absent(rows, RATES)
        .forEach((figure, why) -> table.note(figure + ": absent, " + why));
    PrintWriter out = spec.commandLine().getOut();
    out.print(table.toText());
    out.flush();
    if (json != null) {
      RunJson.ofMetrics(rows).write(json);
    }
    return 0;
  }

  private EmbedderLoader.Described described() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    put(tree, "backbone", backbone);
    put(tree, "naming", naming);
    put(tree, "input", input);
    if (output != null) {
      tree.put("output", output);
    }
    if (flip != null) {
      tree.put("flipFusion", flip ? "sum" : "none");
    }
    return RecordBinder.bind(EmbedderLoader.Described.class, tree);
  }

  private static void put(ObjectNode tree, String name, String yaml) {
    if (yaml != null) {
      tree.set(name, RecipeYaml.value("--" + name, yaml));
    }
  }
}
