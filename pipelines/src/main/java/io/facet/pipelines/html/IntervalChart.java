package io.facet.pipelines.html;

import java.util.List;

/** Figures with their intervals below each other, as an inline drawing. */
public final class IntervalChart {
  private static final double WIDTH = 400;
  private static final double SIDE = 8;
  private static final double ROW = 36;
  private static final double AXIS = 40;
  private static final double END = 4;
  private static final int LONGEST = 40;

  private IntervalChart() {}

  /**
   * One line.
   *
   * @param name shown above it
   * @param value of the mark
   * @param low lower end, NaN without an interval
   * @param high upper end
   * @param text of the value
   * @param style of the mark
   */
  public record Row(String name, double value, double low, double high, String text, int style) {}

  /**
   * Draws.
   *
   * @param title what it shows, for those who cannot see it
   */
  public static Tag of(String title, List<Row> rows, String axis) {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (Row row : rows) {
      lowest = Math.min(lowest, Double.isNaN(row.low()) ? row.value() : row.low());
      highest = Math.max(highest, Double.isNaN(row.high()) ? row.value() : row.high());
    }
    Scale scale = Scale.around(lowest, highest);
    double height = rows.size() * ROW + AXIS;
    Tag svg =
        Tag.of("svg")
            .with("viewBox", "0 0 %.0f %.0f".formatted(WIDTH, height))
            .with("role", "img")
            .with("aria-label", title)
            .with("class", "chart");
    for (double tick : scale.ticks()) {
      double x = across(scale, tick);
      svg.add(Chart.line(x, x, 0, rows.size() * ROW).with("class", "grid"));
      svg.add(
          Tag.of("text", Figures.number(tick))
              .with("x", x)
              .with("y", rows.size() * ROW + 15)
              .with("class", "tick middle"));
    }
    svg.add(
        Tag.of("text", axis)
            .with("x", WIDTH / 2)
            .with("y", height - 6)
            .with("class", "axis middle"));
    for (int i = 0; i < rows.size(); i++) {
      draw(svg, rows.get(i), scale, i * ROW);
    }
    return svg;
  }

  private static void draw(Tag svg, Row row, Scale scale, double top) {
    double y = top + 26;
    svg.add(
        Tag.of("text", shortened(row.name()))
            .with("x", SIDE)
            .with("y", top + 13)
            .with("class", "label"));
    svg.add(
        Tag.of("text", row.text())
            .with("x", WIDTH - SIDE)
            .with("y", top + 13)
            .with("class", "label end"));
    if (Double.isFinite(row.low()) && Double.isFinite(row.high())) {
      double from = across(scale, row.low());
      double to = across(scale, row.high());
      String look = "series " + SeriesStyle.colour(row.style());
      svg.add(Chart.line(from, to, y, y).with("class", look));
      svg.add(Chart.line(from, from, y - END, y + END).with("class", look));
      svg.add(Chart.line(to, to, y - END, y + END).with("class", look));
    }
    svg.add(SeriesStyle.mark(across(scale, row.value()), y, row.style()));
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
  }

  private static double across(Scale scale, double value) {
    return 2 * SIDE + scale.at(value) * (WIDTH - 4 * SIDE);
  }
}
