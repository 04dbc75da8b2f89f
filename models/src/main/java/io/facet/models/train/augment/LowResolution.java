package io.facet.models.train.augment;

import com.google.auto.service.AutoService;
import io.facet.models.face.Pixels;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.SplittableRandom;

/** {@code low-resolution}: the crop made small and large again. */
@AutoService(Augmentation.class)
@Named(
    key = "low-resolution",
    version = 1,
    summary = "Make the crop small by averaging and large again by bilinear interpolation",
    source = "Kim et al. 2022, AdaFace, section 4.1")
public final class LowResolution implements Augmentation<LowResolution.Options> {
  /** Options of {@link LowResolution}. */
  public record Options(
      @Description(
              value = "share of the crops",
              range = "[0, 1]",
              defaultValue = "0.2",
              source = "AdaFace")
          double probability,
      @Description(
              value = "smallest side in between, as a share of the crop's",
              range = "(0, 1]",
              defaultValue = "0.2",
              source = "AdaFace")
          double smallest) {}

  @Override
  public double probability(Options options) {
    return options.probability();
  }

  @Override
  public Pixels apply(Options options, Pixels crop, SplittableRandom random) {
    double share = Channels.between(random, options.smallest(), 1);
    int width = Math.max(1, (int) Math.round(share * crop.width()));
    int height = Math.max(1, (int) Math.round(share * crop.height()));
    Pixels small = averaged(crop, width, height);
    double stepX = (double) width / crop.width();
    double stepY = (double) height / crop.height();
    return Channels.sampled(
        small, crop.width(), crop.height(), (stepX - 1) / 2, stepX, (stepY - 1) / 2, stepY);
  }

  /** Each small pixel is the mean of the pixels whose middles it covers. */
  private static Pixels averaged(Pixels crop, int width, int height) {
    byte[] target = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int top = y * crop.height() / height;
      int bottom = Math.max(top + 1, (y + 1) * crop.height() / height);
      for (int x = 0; x < width; x++) {
        int left = x * crop.width() / width;
        int right = Math.max(left + 1, (x + 1) * crop.width() / width);
        int[] sums = new int[3];
        for (int row = top; row < bottom; row++) {
          for (int at = 3 * (row * crop.width() + left);
              at < 3 * (row * crop.width() + right);
              at++) {
            sums[at % 3] += crop.bgr()[at] & 0xFF;
          }
        }
        for (int channel = 0; channel < 3; channel++) {
          double mean = (double) sums[channel] / ((bottom - top) * (right - left));
          target[3 * (y * width + x) + channel] = Channels.rounded(mean);
        }
      }
    }
    return new Pixels(width, height, target);
  }
}
