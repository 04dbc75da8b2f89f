package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.embed.Embedder;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.evaluate.NamedSet;
import io.facet.pipelines.evaluate.PlainVerification;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.run.RunJson;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.score.TemplateMetrics;
import io.facet.transforms.score.TemplateOptions;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.io.PrintWriter;
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

/** Measures a model file without a recipe. */
@Command(
    name = "evaluate",
    description = "Measures a model file on verification sets, without a recipe.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  private static final long SEED = 20_230_626;
  private static final List<Double> RATES = List.of(0.01, 0.001);

  @Mixin private ModelFileOptions model;

  @Option(
      names = "--on",
      paramLabel = "KIND:PATH",
      required = true,
      description =
          "A verification set: lfw-pairs:FOLDER (pairs.txt and images below it),"
              + " csv-pairs:PAIRS.csv (images in the folder images beside it), bin:FILE (aligned), ijb:FOLDER"
              + " (lists there or in meta, images in loose_crop), synthetic:SEED."
              + " Repeatable.")
  private List<String> sets;

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
    TemplateOptions templates =
        RecordBinder.bind(TemplateOptions.class, JsonNodeFactory.instance.objectNode());
    try (Embedder embedder = model.open();
        ProgressDisplay display = new ProgressDisplay(spec.commandLine().getErr(), false)) {
      VerificationMetrics.Subject subject =
          new VerificationMetrics.Subject(
              model.name(),
              "student",
              "",
              0,
              embedder.preprocessing().flipFusion() == FlipFusion.SUM);
      for (String set : sets) {
        display.begin(set);
        NamedSet named = NamedSet.parse(set, model.detector());
        PlainVerification.Measured measured =
            PlainVerification.measure(
                named.source(),
                named.align(),
                embedder,
                subject,
                templates,
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
    TemplateMetrics.absent(rows, templates)
        .forEach((figure, why) -> table.note(figure + ": absent, " + why));
    PrintWriter out = spec.commandLine().getOut();
    out.print(table.toText());
    out.flush();
    if (json != null) {
      RunJson.ofMetrics(rows).write(json);
    }
    return 0;
  }
}
