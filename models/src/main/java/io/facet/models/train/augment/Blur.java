package io.facet.models.train.augment;

import com.google.auto.service.AutoService;
import io.facet.models.face.Pixels;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.SplittableRandom;

/** {@code blur}: a Gaussian blur. */
@AutoService(Augmentation.class)
@Named(
    key = "blur",
    version = 1,
    summary = "Blur by a Gaussian of random width, the border continued outside")
public final class Blur implements Augmentation<Blur.Options> {
  /** Options of {@link Blur}. */
  public record Options(
      @Description(value = "share of the crops", range = "[0, 1]", defaultValue = "0.2")
          double probability,
      @Description(
              value = "smallest standard deviation in pixels",
              range = "(0, 50]",
              defaultValue = "0.5")
          double smallest,
      @Description(
              value = "largest standard deviation in pixels",
              range = "(0, 50]",
              defaultValue = "2")
          double largest) {
    public Options {
      Channels.requireOrdered(smallest, largest);
    }
  }

  @Override
  public double probability(Options options) {
    return options.probability();
  }

  @Override
  public Pixels apply(Options options, Pixels crop, SplittableRandom random) {
    float[] kernel = kernel(Channels.between(random, options.smallest(), options.largest()));
    float[] values = new float[crop.bgr().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = crop.bgr()[i] & 0xFF;
    }
    float[] rows = along(values, kernel, crop.height(), crop.width(), 3 * crop.width(), 3);
    float[] both = along(rows, kernel, crop.width(), crop.height(), 3, 3 * crop.width());
    byte[] bgr = new byte[both.length];
    for (int i = 0; i < bgr.length; i++) {
      bgr[i] = Channels.rounded(both[i]);
    }
    return new Pixels(crop.width(), crop.height(), bgr);
  }

  private static float[] kernel(double sigma) {
    int radius = (int) Math.ceil(3 * sigma);
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      weights[i + radius] = StrictMath.exp(-i * i / (2 * sigma * sigma));
      sum += weights[i + radius];
    }
    float[] kernel = new float[weights.length];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (weights[i] / sum);
    }
    return kernel;
  }

  /** Folds lines of pixels with a kernel; strides count array elements. */
  private static float[] along(
      float[] values, float[] kernel, int lines, int length, int lineStride, int stride) {
    float[] folded = new float[values.length];
    int radius = kernel.length / 2;
    for (int line = 0; line < lines; line++) {
      for (int at = 0; at < length; at++) {
        int target = line * lineStride + at * stride;
        for (int offset = -radius; offset <= radius; offset++) {
          int source = line * lineStride + Math.max(0, Math.min(length - 1, at + offset)) * stride;
          float weight = kernel[offset + radius];
          for (int channel = 0; channel < 3; channel++) {
            folded[target + channel] += weight * values[source + channel];
          }
        }
      }
    }
    return folded;
  }
}
