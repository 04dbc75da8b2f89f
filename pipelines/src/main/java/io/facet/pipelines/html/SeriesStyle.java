package io.facet.pipelines.html;

import java.util.List;
import java.util.function.BiFunction;

/**
 * How the n-th series is told from others: by colour, and by dashes and marks, which remain in
 * print and for eyes that see the colours alike. The style sheet gives the colours of {@code c0}...
 */
public final class SeriesStyle {
  /** So many series can be told apart. */
  public static final int COUNT = 8;

  private static final List<String> DASHES = List.of("", "7 3", "2 3", "9 3 2 3");
  private static final double MARK = 4;
  private static final double LEGEND_WIDTH = 34;
  private static final double LEGEND_HEIGHT = 14;

  private static final List<BiFunction<Double, Double, Tag>> MARKS =
      List.of(
          (x, y) -> Tag.of("circle").with("cx", x).with("cy", y).with("r", MARK),
          (x, y) -> polygon(x, y, -MARK, -MARK, MARK, -MARK, MARK, MARK, -MARK, MARK),
          (x, y) -> polygon(x, y, 0, -MARK - 1, MARK + 1, MARK, -MARK - 1, MARK),
          (x, y) -> polygon(x, y, 0, -MARK - 1, MARK + 1, 0, 0, MARK + 1, -MARK - 1, 0));

  private SeriesStyle() {}

  static String colour(int series) {
    return "c" + series % COUNT;
  }

  static Tag dashed(Tag line, int series) {
    String dashes = DASHES.get(series % DASHES.size());
    return dashes.isEmpty() ? line : line.with("stroke-dasharray", dashes);
  }

  /** A mark; the second four series have hollow ones. */
  static Tag mark(double x, double y, int series) {
    boolean hollow = series % COUNT >= MARKS.size();
    return MARKS
        .get(series % MARKS.size())
        .apply(x, y)
        .with("class", "mark " + colour(series) + (hollow ? " hollow" : ""));
  }

  /** A list that says which series is which. */
  public static Tag legend(List<Named> series) {
    Tag list = Tag.of("ul").with("class", "legend");
    for (Named one : series) {
      Tag swatch =
          Tag.of("svg")
              .with("viewBox", "0 0 %.0f %.0f".formatted(LEGEND_WIDTH, LEGEND_HEIGHT))
              .with("aria-hidden", "true")
              .with("class", "swatch")
              .add(
                  dashed(
                      Tag.of("line")
                          .with("x1", 1)
                          .with("x2", LEGEND_WIDTH - 1)
                          .with("y1", LEGEND_HEIGHT / 2)
                          .with("y2", LEGEND_HEIGHT / 2)
                          .with("class", "series " + colour(one.style())),
                      one.style()))
              .add(mark(LEGEND_WIDTH / 2, LEGEND_HEIGHT / 2, one.style()));
      list.add(Tag.of("li").add(swatch).add(Tag.foreign(one.name())));
    }
    return list;
  }

  /**
   * A series in a legend.
   *
   * @param name shown
   * @param style its number
   */
  public record Named(String name, int style) {}

  private static Tag polygon(double x, double y, double... corners) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < corners.length; i += 2) {
      points
          .append(i == 0 ? "" : " ")
          .append(Figures.coordinate(x + corners[i]))
          .append(',')
          .append(Figures.coordinate(y + corners[i + 1]));
    }
    return Tag.of("polygon").with("points", points.toString());
  }
}
