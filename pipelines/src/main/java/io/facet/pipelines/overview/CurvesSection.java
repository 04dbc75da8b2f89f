package io.facet.pipelines.overview;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.html.Chart;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Scale;
import io.facet.pipelines.html.SeriesStyle;
import io.facet.pipelines.html.Tag;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.HistoryRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What trainings logged, step by step. */
final class CurvesSection {
  private static final int MOST_CHARTS = 16;
  private static final int MOST_ROWS = 400;

  private CurvesSection() {}

  static List<Tag> of(ReportedRun run) {
    Map<String, Map<String, Thinned>> curves =
        new TreeMap<>(
            Comparator.comparingInt(CurvesSection::place).thenComparing(Comparator.naturalOrder()));
    List<String> trainings = new ArrayList<>();
    run.withTable("history")
        .forEach(
            training -> {
              trainings.add(training.manifest().instance());
              read(training, curves);
            });
    if (trainings.isEmpty()) {
      return List.of();
    }
    List<Tag> charts = new ArrayList<>();
    PageTable table =
        new PageTable(
            "Training figures: first, last, lowest and highest logged value",
            "figure",
            "training",
            "#steps",
            "#first",
            "#last",
            "#lowest",
            "#highest");
    int rows = 0;
    for (Map.Entry<String, Map<String, Thinned>> figure : curves.entrySet()) {
      if (charts.size() < MOST_CHARTS) {
        charts.add(chart(figure.getKey(), figure.getValue(), trainings));
      }
      for (Map.Entry<String, Thinned> one : figure.getValue().entrySet()) {
        if (rows++ < MOST_ROWS) {
          Thinned curve = one.getValue();
          table.row(
              figure.getKey(),
              one.getKey(),
              Figures.count((long) curve.last()[0]),
              Figures.number(curve.first()[1]),
              Figures.number(curve.last()[1]),
              Figures.number(curve.lowest()),
              Figures.number(curve.highest()));
        }
      }
    }
    return List.of(Page.sideBySide(charts), table.without(Math.max(0, rows - MOST_ROWS)).tag());
  }

  /** Losses and validation before the rest. */
  private static int place(String figure) {
    return figure.startsWith("loss/") ? 0 : figure.startsWith("validation/") ? 1 : 2;
  }

  private static void read(Artifact training, Map<String, Map<String, Thinned>> curves) {
    try (ParquetTable.Rows<HistoryRow> rows =
        ParquetTable.read(HistoryRow.class, training.tableUris("history"))) {
      for (HistoryRow row : rows) {
        curves
            .computeIfAbsent(row.name(), name -> new TreeMap<>())
            .computeIfAbsent(training.manifest().instance(), name -> new Thinned())
            .add(row.step(), row.value());
      }
    }
  }

  private static Tag chart(String name, Map<String, Thinned> of, List<String> trainings) {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    double steps = 1;
    for (Thinned curve : of.values()) {
      lowest = Math.min(lowest, curve.lowest());
      highest = Math.max(highest, curve.highest());
      steps = Math.max(steps, curve.last()[0]);
    }
    boolean loss = name.startsWith("loss/") && lowest > 0 && highest / lowest > 20;
    Scale y = loss ? Scale.logAround(lowest, highest) : Scale.around(lowest, highest);
    Chart chart =
        new Chart(name + " over training steps", new Scale(0, steps, false), "step", y, name);
    List<SeriesStyle.Named> legend = new ArrayList<>();
    for (int style = 0; style < Math.min(trainings.size(), SeriesStyle.COUNT); style++) {
      Thinned curve = of.get(trainings.get(style));
      if (curve != null) {
        chart.markedLine(curve.xs(), curve.ys(), style);
        legend.add(new SeriesStyle.Named(trainings.get(style), style));
      }
    }
    String left =
        of.size() > legend.size()
            ? "; %d more trainings are in the table".formatted(of.size() - legend.size())
            : "";
    return Page.figure(chart.svg(), name + (loss ? ", logarithmic" : "") + left, legend);
  }
}
