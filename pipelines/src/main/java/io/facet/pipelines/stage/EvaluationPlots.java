package io.facet.pipelines.stage;

import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.pipelines.report.Plots;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import java.awt.geom.Point2D;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** ROC, DET and score histograms of one model, as files of its evaluation. */
final class EvaluationPlots {
  private EvaluationPlots() {}

  /** PNG files by name, from the {@code scores} below an attempt folder. */
  static Map<String, byte[]> of(String attempt) throws IOException {
    Map<String, List<ScoreRow>> bySet =
        ParquetTable.readAll(ScoreRow.class, TableSummary.read(attempt, "scores").uris(attempt))
            .stream()
            .collect(Collectors.groupingBy(ScoreRow::set, TreeMap::new, Collectors.toList()));
    Map<String, byte[]> files = new LinkedHashMap<>();
    Map<String, Plots.Line> accepted = new LinkedHashMap<>();
    Map<String, Plots.Line> rejected = new LinkedHashMap<>();
    for (Map.Entry<String, List<ScoreRow>> set : bySet.entrySet()) {
      PairScores pairs = VerificationMetrics.pairs(set.getValue());
      RocCurve curve = RocCurve.of(pairs);
      double[] falseAccepts = curve.falseAcceptRates();
      RocCurve.Point equal = curve.equalErrorPoint();
      String name =
          String.format(
              Locale.ROOT,
              "%s, equal error rate %.1f %%",
              set.getKey(),
              100 * curve.equalErrorRate());
      accepted.put(
          name,
          new Plots.Line(
              falseAccepts,
              curve.trueAcceptRates(),
              mark(equal.falseAcceptRate(), equal.trueAcceptRate())));
      rejected.put(
          name,
          new Plots.Line(
              falseAccepts,
              Arrays.stream(curve.trueAcceptRates()).map(rate -> 1 - rate).toArray(),
              mark(equal.falseAcceptRate(), equal.falseRejectRate())));
      files.put(
          "plots/scores-" + set.getKey() + ".png",
          histogram(set.getKey(), set.getValue(), equal.threshold()));
    }
    if (!accepted.isEmpty()) {
      files.put("plots/roc.png", Plots.roc("ROC", accepted));
      files.put("plots/det.png", Plots.det("DET", rejected));
    }
    return files;
  }

  private static Optional<Point2D> mark(double x, double y) {
    return Optional.of(new Point2D.Double(x, y));
  }

  private static byte[] histogram(String set, List<ScoreRow> scores, double threshold) {
    return Plots.scoreHistogram(
        "Scores of pairs, " + set,
        scores.stream().filter(ScoreRow::same).mapToDouble(ScoreRow::score).toArray(),
        scores.stream().filter(row -> !row.same()).mapToDouble(ScoreRow::score).toArray(),
        String.format(Locale.ROOT, "threshold at the equal error rate: %.2f", threshold),
        threshold);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
