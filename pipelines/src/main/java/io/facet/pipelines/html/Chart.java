package io.facet.pipelines.html;

/**
 * A chart in a frame with two axes, as an inline drawing. It is narrow, so that its letters are
 * readable on a phone; pages set several side by side.
 */
public final class Chart {
  private static final double WIDTH = 400;
  private static final double HEIGHT = 270;
  private static final double LEFT = 54;
  private static final double RIGHT = 20;
  private static final double TOP = 10;
  private static final double BOTTOM = 42;

  private final Scale x;
  private final Scale y;
  private final Tag svg;

  /**
   * An empty chart.
   *
   * @param title what it shows, for those who cannot see it
   */
  public Chart(String title, Scale x, String nameOfX, Scale y, String nameOfY) {
    this.x = x;
    this.y = y;
    svg =
        Tag.of("svg")
            .with("viewBox", "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT))
            .with("role", "img")
            .with("aria-label", title)
            .with("class", "chart");
    for (double tick : y.ticks()) {
      svg.add(line(LEFT, WIDTH - RIGHT, down(tick), down(tick)).with("class", "grid"));
      svg.add(
          Tag.of("text", Figures.tick(tick))
              .with("x", LEFT - 5)
              .with("y", down(tick) + 4)
              .with("class", "tick end"));
    }
    for (double tick : x.ticks()) {
      svg.add(line(across(tick), across(tick), TOP, HEIGHT - BOTTOM).with("class", "grid"));
      svg.add(
          Tag.of("text", Figures.tick(tick))
              .with("x", across(tick))
              .with("y", HEIGHT - BOTTOM + 15)
              .with("class", "tick middle"));
    }
    svg.add(
        Tag.of("text", nameOfX)
            .with("x", (LEFT + WIDTH - RIGHT) / 2)
            .with("y", HEIGHT - 8)
            .with("class", "axis middle"));
    double middle = (TOP + HEIGHT - BOTTOM) / 2;
    svg.add(
        Tag.of("text", nameOfY)
            .with("transform", "translate(12 %.0f) rotate(-90)".formatted(middle))
            .with("class", "axis middle"));
  }

  /** As {@link #line} with a mark at its last point. */
  public Chart markedLine(double[] xs, double[] ys, int series) {
    for (int i = xs.length - 1; i >= 0; i--) {
      if (x.shows(xs[i]) && y.shows(ys[i])) {
        return line(xs, ys, series).point(xs[i], ys[i], Double.NaN, Double.NaN, series);
      }
    }
    return this;
  }

  /** A line through points; those without a place on the axes are left out. */
  public Chart line(double[] xs, double[] ys, int series) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (x.shows(xs[i]) && y.shows(ys[i])) {
        points.append(points.isEmpty() ? "" : " ").append(Figures.coordinate(across(xs[i])));
        points.append(',').append(Figures.coordinate(down(ys[i])));
      }
    }
    if (!points.isEmpty()) {
      svg.add(
          SeriesStyle.dashed(
              Tag.of("polyline")
                  .with("points", points.toString())
                  .with("class", "series " + SeriesStyle.colour(series)),
              series));
    }
    return this;
  }

  /** A mark with an upright interval; an end that is NaN is left out. */
  public Chart point(double atX, double atY, double low, double high, int series) {
    if (x.shows(atX) && y.shows(atY)) {
      if (Double.isFinite(low) && Double.isFinite(high)) {
        double top = Math.min(high, y.high());
        double bottom = Math.max(low, y.low());
        svg.add(
            line(across(atX), across(atX), down(bottom), down(top))
                .with("class", "series " + SeriesStyle.colour(series)));
      }
      svg.add(SeriesStyle.mark(across(atX), down(atY), series));
    }
    return this;
  }

  /**
   * Counts between edges as a filled outline.
   *
   * @param edges one more than counts, rising
   */
  public Chart area(double[] edges, double[] counts, int series) {
    StringBuilder path = new StringBuilder("M");
    move(path, edges[0], y.low());
    for (int i = 0; i < counts.length; i++) {
      path.append('L');
      move(path, edges[i], counts[i]);
      path.append('L');
      move(path, edges[i + 1], counts[i]);
    }
    path.append('L');
    move(path, edges[counts.length], y.low());
    svg.add(
        SeriesStyle.dashed(
            Tag.of("path")
                .with("d", path.toString())
                .with("class", "area " + SeriesStyle.colour(series)),
            series));
    return this;
  }

  /** An upright line with its name. */
  public Chart upright(double at, String name) {
    if (x.shows(at)) {
      boolean rightHalf = x.at(at) > 0.5;
      svg.add(line(across(at), across(at), TOP, HEIGHT - BOTTOM).with("class", "limit"));
      svg.add(
          Tag.of("text", name)
              .with("x", across(at) + (rightHalf ? -4 : 4))
              .with("y", TOP + 11)
              .with("class", rightHalf ? "tick end" : "tick"));
    }
    return this;
  }

  /** The drawing. */
  public Tag svg() {
    return svg;
  }

  private void move(StringBuilder path, double atX, double atY) {
    double inside = Math.max(y.low(), Math.min(y.high(), atY));
    path.append(Figures.coordinate(across(Math.max(x.low(), Math.min(x.high(), atX)))));
    path.append(' ').append(Figures.coordinate(down(inside)));
  }

  private double across(double value) {
    return LEFT + x.at(value) * (WIDTH - LEFT - RIGHT);
  }

  private double down(double value) {
    return HEIGHT - BOTTOM - y.at(value) * (HEIGHT - TOP - BOTTOM);
  }

  static Tag line(double x1, double x2, double y1, double y2) {
    return Tag.of("line").with("x1", x1).with("x2", x2).with("y1", y1).with("y2", y2);
  }
}
