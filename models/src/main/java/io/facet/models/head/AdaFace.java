package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.option.Named;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;

/**
 * {@code adaface}: the margin follows the length of the embedding, which stands for the quality of
 * the image.
 *
 * <p>With lengths clipped to [0.001, 100] and without gradient, k = clip(h (length - mean) /
 * (deviation + 0.001), -1, 1); target logit = scale (cos(clip(angle - margin k, 0.001, pi - 0.001))
 * - margin - margin k), others = scale cos(angle); all cosines are clipped to 0.001 below 1. Mean
 * and (unbiased) deviation are running ones and take in the batch first; a batch of one leaves the
 * deviation as it is.
 */
@AutoService(MarginHead.class)
@Named(
    key = "adaface",
    version = 1,
    summary = "Softmax whose margin follows the length of the embedding",
    source = "Kim et al. 2022, AdaFace, arXiv 2204.00964; code of mk-minchul/AdaFace head.py")
public final class AdaFace implements MarginHead<AdaFaceOptions> {
  private static final double CLIP = 1e-3;
  private static final double LONGEST = 100;

  @Override
  public Session open(AdaFaceOptions options) {
    return new Session(options);
  }

  /** The head with its running statistics of lengths. */
  static final class Session extends HeadSession {
    private final AdaFaceOptions options;
    private final Weight mean;
    private final Weight deviation;

    Session(AdaFaceOptions options) {
      this.options = options;
      mean = buffer("mean", Initialiser.constant((float) options.initialMean()), 1);
      deviation = buffer("deviation", Initialiser.constant((float) options.initialDeviation()), 1);
    }

    @Override
    public NDArray logits(HeadInputs inputs) {
      NDArray lengths = lengths(inputs);
      takeIn(lengths);
      NDArray shift = quality(lengths).expandDims(1).mul(options.margin());
      NDArray all = inputs.cosines().clip(-1 + CLIP, 1 - CLIP);
      NDArray angle = all.gather(inputs.labels().expandDims(1), 1).acos();
      NDArray target =
          angle.sub(shift).clip(CLIP, Math.PI - CLIP).cos().sub(shift.add(options.margin()));
      return inputs.withTarget(all, target).mul(options.scale());
    }

    /** Lengths as the statistics count them, {@code (B)}, constants. */
    static NDArray lengths(HeadInputs inputs) {
      return inputs.lengths().stopGradient().clip(CLIP, LONGEST);
    }

    /** k of each length by the running statistics, in [-1, 1], {@code (B)}. */
    NDArray quality(NDArray lengths) {
      return lengths
          .sub(mean.array())
          .div(deviation.array().add(CLIP))
          .mul(options.concentration())
          .clip(-1, 1);
    }

    private void takeIn(NDArray lengths) {
      move(mean.array(), lengths.mean());
      long count = lengths.size();
      if (count > 1) {
        double unbiased = (double) count / (count - 1);
        move(deviation.array(), TorchOps.variance(lengths, 0).mul((float) unbiased).sqrt());
      }
    }

    private void move(NDArray running, NDArray ofBatch) {
      running.muli((float) (1 - options.momentum())).addi(ofBatch.mul((float) options.momentum()));
    }
  }
}
