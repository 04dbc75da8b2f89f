package io.facet.pipelines.report;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as PNG bytes; needs no display. */
public final class Plots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int BINS = 40;

  private Plots() {}

  /** A line of points. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Line(double[] x, double[] y) {}

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
    lines.forEach((name, line) -> addLine(chart, name, line));
    return png(chart, chart.getStyler());
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
            .xAxisTitle("false accept rate")
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(bothAxes);
    lines.forEach((name, line) -> addLine(chart, name, positive(line, bothAxes)));
    return png(chart, chart.getStyler());
  }

  /** Histogram of pair scores (cosines in [-1, 1]): same identity against different identities. */
  public static byte[] scoreHistogram(String title, double[] same, double[] different) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("cosine")
            .yAxisTitle("pairs")
            .build();
    chart.getStyler().setOverlapped(true);
    chart.getStyler().setAvailableSpaceFill(0.98);
    chart.getStyler().setXAxisMaxLabelCount(9);
    chart
        .getStyler()
        .setSeriesColors(new Color[] {new Color(46, 125, 50, 150), new Color(198, 40, 40, 150)});
    List<Double> centres =
        IntStream.range(0, BINS)
            .mapToObj(bin -> Math.round((-1 + (bin + 0.5) * 2 / BINS) * 1000) / 1000.0)
            .toList();
    chart.addSeries("same identity", centres, counts(same));
    chart.addSeries("different identities", centres, counts(different));
    return png(chart, chart.getStyler());
  }

  private static List<Long> counts(double[] scores) {
    long[] bins = new long[BINS];
    for (double score : scores) {
      int bin = (int) Math.floor((score + 1) / 2 * BINS);
      bins[Math.max(0, Math.min(BINS - 1, bin))]++;
    }
    return Arrays.stream(bins).boxed().toList();
  }

  private static Line positive(Line line, boolean bothAxes) {
    int[] kept =
        IntStream.range(0, line.x().length)
            .filter(i -> line.x()[i] > 0 && (!bothAxes || line.y()[i] > 0))
            .toArray();
    return new Line(
        Arrays.stream(kept).mapToDouble(i -> line.x()[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> line.y()[i]).toArray());
  }

  private static void addLine(XYChart chart, String name, Line line) {
    if (line.x().length > 0) {
      chart.addSeries(name, line.x(), line.y()).setMarker(SeriesMarkers.NONE);
    }
  }

  private static byte[] png(Chart<?, ?> chart, Styler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw a chart", e);
    }
    return bytes.toByteArray();
  }
}
