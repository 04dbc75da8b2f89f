package io.facet.models.train.augment;

import com.google.auto.service.AutoService;
import io.facet.models.face.Pixels;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.SplittableRandom;

/** {@code occlusion}: a rectangle of one colour over part of the crop. */
@AutoService(Augmentation.class)
@Named(
    key = "occlusion",
    version = 1,
    summary = "Cover a rectangle with one random colour",
    source = "Zhong et al. 2020, Random Erasing; one colour, smaller areas")
public final class Occlusion implements Augmentation<Occlusion.Options> {
  /** Options of {@link Occlusion}. */
  public record Options(
      @Description(value = "share of the crops", range = "[0, 1]", defaultValue = "0.2")
          double probability,
      @Description(
              value = "smallest covered share of the crop",
              range = "(0, 1]",
              defaultValue = "0.02",
              source = "Zhong et al. 2020")
          double smallest,
      @Description(
              value = "largest covered share of the crop",
              range = "(0, 1]",
              defaultValue = "0.2")
          double largest,
      @Description(
              value = "smallest ratio of the shorter to the longer side",
              range = "(0, 1]",
              defaultValue = "0.3",
              source = "Zhong et al. 2020")
          double aspect) {
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
    double share = Channels.between(random, options.smallest(), options.largest());
    double ratio = Channels.between(random, options.aspect(), 1);
    boolean upright = random.nextBoolean();
    double area = share * crop.width() * crop.height();
    double shorter = StrictMath.sqrt(area * ratio);
    double longer = area / shorter;
    int width = within(upright ? shorter : longer, crop.width());
    int height = within(upright ? longer : shorter, crop.height());
    int left = random.nextInt(crop.width() - width + 1);
    int top = random.nextInt(crop.height() - height + 1);
    byte[] colour = new byte[3];
    random.nextBytes(colour);
    byte[] bgr = crop.bgr().clone();
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        System.arraycopy(colour, 0, bgr, 3 * (y * crop.width() + x), 3);
      }
    }
    return new Pixels(crop.width(), crop.height(), bgr);
  }

  private static int within(double length, int side) {
    return (int) Math.max(1, Math.min(side, Math.round(length)));
  }
}
