package io.facet.pipelines.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Point2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as PNG bytes; needs no display. */
public final class Plots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int BINS = 40;
  private static final int AREA_OPACITY = 110;

  /** Okabe and Ito's, which the colour-blind tell apart; without yellow, which is lost on white. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xE69F00),
          new Color(0x009E73),
          new Color(0xD55E00),
          new Color(0xCC79A7),
          new Color(0x56B4E9),
          Color.BLACK);

  private static final List<BasicStroke> DASHES =
      List.of(SeriesLines.SOLID, SeriesLines.DASH_DASH, SeriesLines.DOT_DOT, SeriesLines.DASH_DOT);

  private Plots() {}

  /**
   * A line of points.
   *
   * @param x one value a point
   * @param y one value a point
   * @param marked a point to draw large, such as an operating point
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Line(double[] x, double[] y, Optional<Point2D> marked) {
    /** A line without a marked point. */
    public Line(double[] x, double[] y) {
      this(x, y, Optional.empty());
    }
  }

  /**
   * Curves over training steps.
   *
   * @param lines by legend text; lines without points are left out
   */
  public static byte[] curves(String title, String yAxis, Map<String, Line> lines) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle(yAxis)
            .build();
    addLines(chart, lines);
    return png(chart);
  }

  /**
   * ROC curves with a logarithmic axis of false accepts.
   *
   * @param lines by legend text: x = false accept rate, y = true accept rate, both in [0, 1];
   *     points at a false accept rate of 0 are left out
   */
  public static byte[] roc(String title, Map<String, Line> lines) {
    return logarithmic(title, "true accept rate", lines, false);
  }

  /** Detection error trade-off: false rejects over false accepts, both axes logarithmic. */
  public static byte[] det(String title, Map<String, Line> lines) {
    return logarithmic(title, "false reject rate", lines, true);
  }

  private static byte[] logarithmic(
      String title, String yAxis, Map<String, Line> lines, boolean bothAxes) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("false accept rate, logarithmic")
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(bothAxes);
    Map<String, Line> drawn = new LinkedHashMap<>();
    lines.forEach((name, line) -> drawn.put(name, positive(line, bothAxes)));
    addLines(chart, drawn);
    return png(chart);
  }

  /**
   * Histogram of pair scores (cosines in [-1, 1]): same identity against different identities.
   *
   * @param same scores of pairs of one person, in bins from -1 to 1
   * @param threshold drawn as an upright line with its name
   */
  public static byte[] scoreHistogram(
      String title, Bins same, Bins different, String thresholdName, double threshold) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("cosine of the embeddings")
            .yAxisTitle("pairs")
            .build();
    XYStyler styler = chart.getStyler();
    styler.setDefaultSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
    styler.setXAxisMin(-1.0).setXAxisMax(1.0).setYAxisMin(0.0);
    styler.setXAxisDecimalPattern("0.0").setXAxisTickMarkSpacingHint(WIDTH / 12);
    Bins.Outline outline = same.outline(0, same.size() - 1, BINS);
    double[] edges = Arrays.copyOf(outline.edges(), outline.counts().length);
    double[] sameCounts = outline.counts();
    double[] differentCounts = different.outline(0, different.size() - 1, BINS).counts();
    area(chart, "same identity", edges, sameCounts, COLOURS.get(0));
    area(chart, "different identities", edges, differentCounts, COLOURS.get(1));
    double top =
        Math.max(
            Arrays.stream(sameCounts).max().orElse(1),
            Arrays.stream(differentCounts).max().orElse(1));
    chart
        .addSeries(thresholdName, new double[] {threshold, threshold}, new double[] {0, top})
        .setXYSeriesRenderStyle(XYSeriesRenderStyle.Line)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Color.BLACK)
        .setLineStyle(SeriesLines.DASH_DASH);
    return png(chart);
  }

  private static void area(XYChart chart, String name, double[] x, double[] y, Color colour) {
    chart
        .addSeries(name, x, y)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(colour)
        .setFillColor(
            new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), AREA_OPACITY));
  }

  private static Line positive(Line line, boolean bothAxes) {
    int[] kept =
        IntStream.range(0, line.x().length)
            .filter(i -> line.x()[i] > 0 && (!bothAxes || line.y()[i] > 0))
            .toArray();
    return new Line(
        Arrays.stream(kept).mapToDouble(i -> line.x()[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> line.y()[i]).toArray(),
        line.marked().filter(p -> p.getX() > 0 && (!bothAxes || p.getY() > 0)));
  }

  /** Lines differ in colour and in dashes, so that they are told apart in print as well. */
  private static void addLines(XYChart chart, Map<String, Line> lines) {
    int number = 0;
    for (Map.Entry<String, Line> line : lines.entrySet()) {
      if (line.getValue().x().length > 0) {
        addLine(chart, line.getKey(), line.getValue(), number++);
      }
    }
  }

  private static void addLine(XYChart chart, String name, Line line, int number) {
    Color colour = COLOURS.get(number % COLOURS.size());
    chart
        .addSeries(name, line.x(), line.y())
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(colour)
        .setLineStyle(DASHES.get(number / 2 % DASHES.size()));
    line.marked()
        .ifPresent(
            point ->
                chart
                    .addSeries(
                        name + " marked", new double[] {point.getX()}, new double[] {point.getY()})
                    .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                    .setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(colour)
                    .setShowInLegend(false));
  }

  private static byte[] png(XYChart chart) {
    Styler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw a chart", e);
    }
    return bytes.toByteArray();
  }
}
