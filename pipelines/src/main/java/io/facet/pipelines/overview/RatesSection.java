package io.facet.pipelines.overview;

import io.facet.pipelines.html.Chart;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Scale;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.pairs.EvaluatedModel;
import io.facet.pipelines.pairs.ScoredSet;
import io.facet.pipelines.pairs.Threshold;
import io.facet.transforms.row.MetricRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ROC and DET of all verification sets, with the figures read off them. */
final class RatesSection {
  private static final double LOWEST_RATE = 1e-7;
  private static final int MOST_ROWS = 400;

  private RatesSection() {}

  static List<Tag> of(Findings findings) {
    List<Tag> content = new ArrayList<>();
    for (String set : findings.sets()) {
      Map<String, ScoredSet> scored = new LinkedHashMap<>();
      for (EvaluatedModel model : findings.drawn()) {
        Optional.ofNullable(model.sets().get(set))
            .filter(ScoredSet::hasBothKinds)
            .ifPresent(one -> scored.put(model.name(), one));
      }
      if (!scored.isEmpty()) {
        content.add(Page.sideBySide(charts(findings, set, scored)));
      }
    }
    if (findings.leftOut() > 0) {
      content.add(
          Tag.of(
                  "p",
                  "The charts of this page show %d models; %d more are in the tables."
                      .formatted(findings.drawn().size(), findings.leftOut()))
              .with("class", "quiet"));
    }
    content.add(table(findings.metrics()));
    return content;
  }

  private static List<Tag> charts(Findings findings, String set, Map<String, ScoredSet> scored) {
    long different =
        scored.values().stream().mapToLong(one -> one.different().total()).max().orElse(1);
    long same = scored.values().stream().mapToLong(one -> one.same().total()).max().orElse(1);
    Scale acceptRates = new Scale(lowest(different), 1, true);
    Chart roc =
        new Chart(
            "True accept rate against false accept rate on " + set,
            acceptRates,
            "false accept rate, logarithmic",
            new Scale(0, 1, false),
            "true accept rate");
    Chart det =
        new Chart(
            "False reject rate against false accept rate on " + set,
            acceptRates,
            "false accept rate, logarithmic",
            new Scale(lowest(same), 1, true),
            "false reject rate, logarithmic");
    scored.forEach(
        (model, one) -> {
          ScoredSet.Rates curve = one.rates();
          double[] missed = curve.trueAccepts().clone();
          for (int i = 0; i < missed.length; i++) {
            missed[i] = 1 - missed[i];
          }
          int style = findings.style(model);
          roc.line(curve.falseAccepts(), curve.trueAccepts(), style);
          det.line(curve.falseAccepts(), missed, style);
          Threshold equal = one.atEqualError();
          double accepts = (double) equal.falseAccepts() / one.different().total();
          double rejects = (double) equal.falseRejects() / one.same().total();
          roc.point(accepts, 1 - rejects, Double.NaN, Double.NaN, style);
          det.point(accepts, rejects, Double.NaN, Double.NaN, style);
        });
    return List.of(
        Page.figure(
            roc.svg(),
            set + ": ROC. Higher is better; marks are at the equal error rate.",
            findings.legend()),
        Page.figure(
            det.svg(),
            set
                + ": DET (detection error trade-off). Lower is better; marks are at the equal error rate.",
            findings.legend()));
  }

  /** One pair of so many is the lowest rate that can be seen. */
  private static double lowest(long pairs) {
    return Math.max(LOWEST_RATE, Math.min(0.1, 0.9 / pairs));
  }

  private static Tag table(List<MetricRow> metrics) {
    PageTable table =
        new PageTable(
            "All figures of all models",
            "model",
            "set",
            "figure",
            "#value",
            "#interval",
            "protocol");
    List<MetricRow> measured = metrics.stream().filter(row -> !row.set().isEmpty()).toList();
    measured.stream()
        .limit(MOST_ROWS)
        .forEach(
            row ->
                table.row(
                    row.model(),
                    row.set(),
                    row.name(),
                    Figures.number(row.value()),
                    Double.isNaN(row.low())
                        ? "-"
                        : "[%s, %s]"
                            .formatted(Figures.number(row.low()), Figures.number(row.high())),
                    row.protocol()));
    return table.without(Math.max(0, measured.size() - MOST_ROWS)).tag();
  }
}
