package io.facet.pipelines.overview;

import io.facet.pipelines.html.Chart;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Scale;
import io.facet.pipelines.html.SeriesStyle;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.pairs.EvaluatedModel;
import io.facet.pipelines.pairs.ScoredSet;
import io.facet.pipelines.pairs.Threshold;
import io.facet.pipelines.report.Bins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How alike pairs of one person and of two people are to each model. */
final class ScoresSection {
  private static final int BINS = 50;
  private static final List<Double> SHARES = List.of(0.05, 0.25, 0.5, 0.75, 0.95);
  private static final List<SeriesStyle.Named> KINDS =
      List.of(
          new SeriesStyle.Named("same person", 0), new SeriesStyle.Named("different people", 1));

  private ScoresSection() {}

  static List<Tag> of(Findings findings) {
    List<Tag> charts = new ArrayList<>();
    PageTable table =
        new PageTable(
            "Scores of pairs: share of pairs below which score",
            "model",
            "set",
            "pairs of",
            "#pairs",
            "#5 %",
            "#25 %",
            "#50 %",
            "#75 %",
            "#95 %");
    for (String set : findings.sets()) {
      for (EvaluatedModel model : findings.drawn()) {
        ScoredSet scored = model.sets().get(set);
        if (scored != null && scored.hasBothKinds()) {
          charts.add(chart(model.name(), scored));
          table.row(cells(model.name(), set, "same person", scored.same()));
          table.row(cells(model.name(), set, "different people", scored.different()));
        }
      }
    }
    return charts.isEmpty() ? List.of() : List.of(Page.sideBySide(charts), table.tag());
  }

  private static Tag chart(String model, ScoredSet scored) {
    Bins same = scored.same();
    Bins different = scored.different();
    int first = Math.min(same.first(), different.first());
    int last = Math.max(same.last(), different.last());
    Bins.Outline one = shares(same.outline(first, last, BINS), same.total());
    Bins.Outline other = shares(different.outline(first, last, BINS), different.total());
    double top =
        Math.max(
            Arrays.stream(one.counts()).max().orElse(1),
            Arrays.stream(other.counts()).max().orElse(1));
    Threshold threshold = scored.atEqualError();
    String name = "%s on %s".formatted(model, scored.name());
    Chart chart =
        new Chart(
            "Scores of " + name,
            new Scale(one.edges()[0], one.edges()[one.counts().length], false),
            "cosine of the embeddings",
            new Scale(0, 1.12 * top, false),
            "% of the pairs of a kind");
    chart.area(other.edges(), other.counts(), 1).area(one.edges(), one.counts(), 0);
    chart.upright(threshold.cosine(), Figures.format("%.4f", threshold.cosine()));
    return Page.figure(
        chart.svg(),
        name
            + Figures.format(
                "; the upright line is the threshold %s, %.4f",
                threshold.rule(), threshold.cosine()),
        KINDS);
  }

  private static Bins.Outline shares(Bins.Outline outline, long total) {
    return new Bins.Outline(
        outline.edges(), Arrays.stream(outline.counts()).map(n -> 100 * n / total).toArray());
  }

  private static String[] cells(String model, String set, String kind, Bins bins) {
    List<String> cells = new ArrayList<>(List.of(model, set, kind, Figures.count(bins.total())));
    SHARES.forEach(share -> cells.add(Figures.format("%.3f", bins.quantile(share))));
    return cells.toArray(String[]::new);
  }
}
