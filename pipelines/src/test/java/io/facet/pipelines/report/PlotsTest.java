package io.facet.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PlotsTest {
  @Test
  void curvesDrawEveryLineInAColourOfItsOwn() throws IOException {
    Plots.Line falling = new Plots.Line(new double[] {1, 2, 3}, new double[] {3, 2, 1});
    Plots.Line rising = new Plots.Line(new double[] {1, 2, 3}, new double[] {1, 2, 3});
    Map<String, Plots.Line> both = new LinkedHashMap<>();
    both.put("falling", falling);
    both.put("rising", rising);

    assertThat(colours(Plots.curves("loss", "loss", both)))
        .isGreaterThan(colours(Plots.curves("loss", "loss", Map.of("falling", falling))));
  }

  @Test
  void rocLeavesOutPointsWithoutFalseAccepts() throws IOException {
    Plots.Line line = new Plots.Line(new double[] {0, 0.01, 1}, new double[] {0.5, 0.9, 1});

    assertThat(read(Plots.roc("lfw", Map.of("student", line))).getWidth()).isEqualTo(900);
    assertThat(read(Plots.det("lfw", Map.of("student", line))).getHeight()).isEqualTo(560);
  }

  @Test
  void scoresAtTheEndsOfTheRangeFallIntoTheOuterBins() throws IOException {
    byte[] png = Plots.scoreHistogram("lfw", bins(1, 1, 0.9), bins(-1, 0), "threshold", 0.3);

    assertThat(read(png).getWidth()).isEqualTo(900);
  }

  @Test
  void anOperatingPointIsDrawnWhereThereIsOne() throws IOException {
    double[] x = {0.01, 0.1, 1};
    double[] y = {0.5, 0.9, 1};
    byte[] plain = Plots.roc("lfw", Map.of("student", new Plots.Line(x, y)));
    Plots.Line marked = new Plots.Line(x, y, Optional.of(new Point2D.Double(0.1, 0.9)));
    assertThat(Plots.roc("lfw", Map.of("student", marked))).isNotEqualTo(plain);
    Plots.Line outside = new Plots.Line(x, y, Optional.of(new Point2D.Double(0, 0.4)));
    assertThat(Plots.roc("lfw", Map.of("student", outside))).isEqualTo(plain);
  }

  private static Bins bins(double... scores) {
    Bins bins = new Bins(-1, 1, 20_000, false);
    for (double score : scores) {
      bins.add(score);
    }
    return bins;
  }

  private static long colours(byte[] png) throws IOException {
    BufferedImage image = read(png);
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).distinct().count();
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
