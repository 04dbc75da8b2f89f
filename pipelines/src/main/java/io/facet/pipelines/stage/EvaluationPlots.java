package io.facet.pipelines.stage;

import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.pipelines.report.Plots;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      List<RocCurve.Point> points = RocCurve.of(pairs).points();
      double[] falseAccepts =
          points.stream().mapToDouble(RocCurve.Point::falseAcceptRate).toArray();
      accepted.put(
          set.getKey(),
          new Plots.Line(
              falseAccepts, points.stream().mapToDouble(RocCurve.Point::trueAcceptRate).toArray()));
      rejected.put(
          set.getKey(),
          new Plots.Line(
              falseAccepts,
              points.stream().mapToDouble(RocCurve.Point::falseRejectRate).toArray()));
      files.put("plots/scores-" + set.getKey() + ".png", histogram(set.getKey(), set.getValue()));
    }
    if (!accepted.isEmpty()) {
      files.put("plots/roc.png", Plots.roc("ROC", accepted));
      files.put("plots/det.png", Plots.det("DET", rejected));
    }
    return files;
  }

  private static byte[] histogram(String set, List<ScoreRow> scores) {
    return Plots.scoreHistogram(
        set,
        scores.stream().filter(ScoreRow::same).mapToDouble(ScoreRow::score).toArray(),
        scores.stream().filter(row -> !row.same()).mapToDouble(ScoreRow::score).toArray());
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
