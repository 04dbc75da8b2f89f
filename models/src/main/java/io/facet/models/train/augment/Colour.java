package io.facet.models.train.augment;

import com.google.auto.service.AutoService;
import io.facet.models.face.Pixels;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.SplittableRandom;

/** {@code colour}: other brightness, contrast and saturation. */
@AutoService(Augmentation.class)
@Named(
    key = "colour",
    version = 1,
    summary = "Change brightness, then contrast, then saturation",
    source = "Kim et al. 2022, AdaFace, section 4.1; here in a fixed order")
public final class Colour implements Augmentation<Colour.Options> {
  /** Options of {@link Colour}. */
  public record Options(
      @Description(
              value = "share of the crops",
              range = "[0, 1]",
              defaultValue = "0.2",
              source = "AdaFace")
          double probability,
      @Description(
              value = "largest change of brightness, as a share",
              range = "[0, 1]",
              defaultValue = "0.5",
              source = "AdaFace")
          double brightness,
      @Description(
              value = "largest change of contrast around the crop's mean grey, as a share",
              range = "[0, 1]",
              defaultValue = "0.5",
              source = "AdaFace")
          double contrast,
      @Description(
              value = "largest change of saturation, as a share; -1 of it is grey",
              range = "[0, 1]",
              defaultValue = "0.5",
              source = "AdaFace")
          double saturation) {}

  @Override
  public double probability(Options options) {
    return options.probability();
  }

  @Override
  public Pixels apply(Options options, Pixels crop, SplittableRandom random) {
    double brightness = factor(random, options.brightness());
    double contrast = factor(random, options.contrast());
    double saturation = factor(random, options.saturation());
    byte[] bgr = crop.bgr();
    double mean = 0;
    for (int at = 0; at < bgr.length; at += 3) {
      mean += grey(bgr[at] & 0xFF, bgr[at + 1] & 0xFF, bgr[at + 2] & 0xFF);
    }
    double middle = brightness * mean / (bgr.length / 3);
    byte[] changed = new byte[bgr.length];
    double[] pixel = new double[3];
    for (int at = 0; at < bgr.length; at += 3) {
      for (int channel = 0; channel < 3; channel++) {
        double bright = brightness * (bgr[at + channel] & 0xFF);
        pixel[channel] = middle + contrast * (bright - middle);
      }
      double grey = grey(pixel[0], pixel[1], pixel[2]);
      for (int channel = 0; channel < 3; channel++) {
        changed[at + channel] = Channels.rounded(grey + saturation * (pixel[channel] - grey));
      }
    }
    return new Pixels(crop.width(), crop.height(), changed);
  }

  private static double factor(SplittableRandom random, double change) {
    return Channels.between(random, 1 - change, 1 + change);
  }

  /** Luma of ITU-R BT.601. */
  private static double grey(double blue, double green, double red) {
    return 0.114 * blue + 0.587 * green + 0.299 * red;
  }
}
