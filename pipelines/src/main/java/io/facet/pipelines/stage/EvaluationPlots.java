package io.facet.pipelines.stage;

import io.facet.pipelines.pairs.ScoredSet;
import io.facet.pipelines.pairs.Threshold;
import io.facet.pipelines.report.Plots;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import java.awt.geom.Point2D;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** ROC, DET and score histograms of one model, as files of its evaluation. */
final class EvaluationPlots {
  private EvaluationPlots() {}

  /**
   * PNG files by name, from the {@code scores} below an attempt folder.
   *
   * @param metrics of the same evaluation
   */
  static Map<String, byte[]> of(String attempt, List<MetricRow> metrics) throws IOException {
    SortedMap<String, ScoredSet> sets;
    try (ParquetTable.Rows<ScoreRow> rows = ParquetTable.read(ScoreRow.class, attempt, "scores")) {
      sets = ScoredSet.bySet(rows, 0);
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    Map<String, Plots.Line> accepted = new LinkedHashMap<>();
    Map<String, Plots.Line> rejected = new LinkedHashMap<>();
    sets.forEach(
        (set, scored) -> {
          ScoredSet.Rates rates = scored.rates();
          Threshold equal = scored.atEqualError();
          double falseAccepts = (double) equal.falseAccepts() / scored.different().total();
          double falseRejects = (double) equal.falseRejects() / scored.same().total();
          String name =
              String.format(
                  Locale.ROOT,
                  "%s, equal error rate %.1f %%",
                  set,
                  100 * equalErrorRate(metrics, set));
          accepted.put(
              name,
              new Plots.Line(
                  rates.falseAccepts(), rates.trueAccepts(), mark(falseAccepts, 1 - falseRejects)));
          rejected.put(
              name,
              new Plots.Line(
                  rates.falseAccepts(),
                  Arrays.stream(rates.trueAccepts()).map(rate -> 1 - rate).toArray(),
                  mark(falseAccepts, falseRejects)));
          files.put(
              "plots/scores-" + set + ".png",
              Plots.scoreHistogram(
                  "Scores of pairs, " + set,
                  scored.same(),
                  scored.different(),
                  String.format(
                      Locale.ROOT, "threshold at the equal error rate: %.2f", equal.cosine()),
                  equal.cosine()));
        });
    if (!accepted.isEmpty()) {
      files.put("plots/roc.png", Plots.roc("ROC", accepted));
      files.put("plots/det.png", Plots.det("DET", rejected));
    }
    return files;
  }

  private static double equalErrorRate(List<MetricRow> metrics, String set) {
    return metrics.stream()
        .filter(row -> row.set().equals(set) && row.name().equals("equal-error-rate"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static Optional<Point2D> mark(double x, double y) {
    return Optional.of(new Point2D.Double(x, y));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
