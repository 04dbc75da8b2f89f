package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import com.google.auto.service.AutoService;
import io.facet.models.option.Named;
import io.facet.models.tensor.NewArray;
import java.util.function.DoubleUnaryOperator;

/** {@code arcface}: target logit = scale cos(angle + margin), others = scale cos(angle). */
@AutoService(MarginHead.class)
@Named(
    key = "arcface",
    version = 1,
    summary = "Softmax with an additive angular margin",
    source = "Deng et al. 2019, ArcFace, arXiv 1801.07698")
public final class ArcFace implements MarginHead<ArcFaceOptions> {
  /** Keeps the slope of sqrt(1 - cos^2) finite. */
  private static final float NEAR_ONE = 1 - 1e-7f;

  /** Distance of the clipped variant's cosines from 1 and of its angles from 0 and pi. */
  private static final double CLIP = 1e-4;

  @Override
  public HeadSession open(ArcFaceOptions options) {
    double[] margin = {options.margin()};
    return HeadSession.stateless(
        inputs -> logits(inputs.cosines(), inputs.labels(), margin, options));
  }

  /**
   * Logits with a margin for each sample; the margin of the options is not used.
   *
   * @param cosines {@code (B, C)}
   * @param labels int64 {@code (B)}
   * @param margins in radians, B of them or one for all
   * @return {@code (B, C)}
   */
  public static NDArray logits(
      NDArray cosines, NDArray labels, double[] margins, ArcFaceOptions options) {
    NDArray all =
        options.variant() == ArcFaceOptions.Variant.CLIPPED
            ? cosines.clip(-1 + CLIP, 1 - CLIP)
            : cosines;
    NDArray index = labels.expandDims(1);
    NDArray target = all.gather(index, 1);
    NDArray shifted = shifted(target, margins, options.variant());
    if (options.straightThrough()) {
      shifted = target.add(shifted.sub(target).stopGradient());
    }
    return all.scatter(index, shifted, 1).mul(options.scale());
  }

  private static NDArray shifted(NDArray target, double[] margins, ArcFaceOptions.Variant variant) {
    if (variant == ArcFaceOptions.Variant.CLIPPED) {
      NDArray angle = target.acos().add(column(target, margins, margin -> margin));
      return angle.clip(CLIP, Math.PI - CLIP).cos();
    }
    NDArray cosine = target.clip(-NEAR_ONE, NEAR_ONE);
    NDArray sine = cosine.square().neg().add(1).sqrt();
    NDArray plain =
        cosine
            .mul(column(target, margins, Math::cos))
            .sub(sine.mul(column(target, margins, Math::sin)));
    if (variant == ArcFaceOptions.Variant.PLAIN) {
      return plain;
    }
    NDArray line =
        cosine.sub(column(target, margins, margin -> margin * Math.sin(Math.PI - margin)));
    NDArray limit = column(target, margins, margin -> Math.cos(Math.PI - margin));
    return NDArrays.where(cosine.gt(limit), plain, line);
  }

  /** A function of the margins, {@code (B, 1)} or {@code (1, 1)}. */
  private static NDArray column(NDArray like, double[] margins, DoubleUnaryOperator function) {
    float[] values = new float[margins.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) function.applyAsDouble(margins[i]);
    }
    return NewArray.of(like, values, new Shape(values.length, 1));
  }
}
