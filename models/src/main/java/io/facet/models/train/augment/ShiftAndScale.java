package io.facet.models.train.augment;

import com.google.auto.service.AutoService;
import io.facet.models.face.Pixels;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.SplittableRandom;

/** {@code crop}: the face moved and made larger or smaller, as by another alignment. */
@AutoService(Augmentation.class)
@Named(
    key = "crop",
    version = 2,
    summary = "Shift and scale the crop, its border continued outside",
    source = "in the manner of Kim et al. 2022, AdaFace, section 4.1; milder, for aligned crops")
public final class ShiftAndScale implements Augmentation<ShiftAndScale.Options> {
  /** Options of {@link ShiftAndScale}. */
  public record Options(
      @Description(value = "share of the crops", range = "[0, 1]", defaultValue = "0.2")
          double probability,
      @Description(
              value = "largest shift each way, as a share of the side",
              range = "[0, 0.5]",
              defaultValue = "0.05")
          double shift,
      @Description(
              value = "largest enlargement, and reduction, as a share",
              range = "[0, 0.9]",
              defaultValue = "0.1")
          double scale) {}

  @Override
  public boolean geometric() {
    return true;
  }

  @Override
  public double probability(Options options) {
    return options.probability();
  }

  @Override
  public Pixels apply(Options options, Pixels crop, SplittableRandom random) {
    double step = 1 / Channels.between(random, 1 - options.scale(), 1 + options.scale());
    double right = Channels.between(random, -options.shift(), options.shift()) * crop.width();
    double down = Channels.between(random, -options.shift(), options.shift()) * crop.height();
    double middleX = (crop.width() - 1) / 2.0;
    double middleY = (crop.height() - 1) / 2.0;
    return Channels.sampled(
        crop,
        crop.width(),
        crop.height(),
        middleX - (middleX + right) * step,
        step,
        middleY - (middleY + down) * step,
        step);
  }
}
