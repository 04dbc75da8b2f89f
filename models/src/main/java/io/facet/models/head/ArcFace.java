package io.facet.models.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import com.google.auto.service.AutoService;

/** {@code arcface}: target logit = scale cos(angle + margin), others = scale cos(angle). */
@AutoService(MarginHead.class)
public final class ArcFace implements MarginHead<ArcFaceOptions> {
  /** Keeps the slope of sqrt(1 - cos^2) finite. */
  private static final float NEAR_ONE = 1 - 1e-7f;

  /** Distance of the clipped variant's cosines from 1 and of its angles from 0 and pi. */
  private static final double CLIP = 1e-4;

  @Override
  public String key() {
    return "arcface";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<ArcFaceOptions> optionsType() {
    return ArcFaceOptions.class;
  }

  @Override
  public String summary() {
    return "Softmax with an additive angular margin";
  }

  @Override
  public String source() {
    return "Deng et al. 2019, ArcFace, arXiv 1801.07698";
  }

  @Override
  public NDArray logits(NDArray cosines, NDArray labels, ArcFaceOptions options) {
    NDArray all =
        options.variant() == ArcFaceOptions.Variant.CLIPPED
            ? cosines.clip(-1 + CLIP, 1 - CLIP)
            : cosines;
    NDArray index = labels.expandDims(1);
    NDArray target = all.gather(index, 1);
    NDArray shifted = shifted(target, options);
    if (options.straightThrough()) {
      shifted = target.add(shifted.sub(target).stopGradient());
    }
    return all.scatter(index, shifted, 1).mul(options.scale());
  }

  private static NDArray shifted(NDArray target, ArcFaceOptions options) {
    double margin = options.margin();
    if (options.variant() == ArcFaceOptions.Variant.CLIPPED) {
      return target.acos().add(margin).clip(CLIP, Math.PI - CLIP).cos();
    }
    NDArray cosine = target.clip(-NEAR_ONE, NEAR_ONE);
    NDArray sine = cosine.square().neg().add(1).sqrt();
    NDArray plain = cosine.mul(Math.cos(margin)).sub(sine.mul(Math.sin(margin)));
    if (options.variant() == ArcFaceOptions.Variant.PLAIN) {
      return plain;
    }
    NDArray line = cosine.sub(margin * Math.sin(Math.PI - margin));
    return NDArrays.where(cosine.gt(Math.cos(Math.PI - margin)), plain, line);
  }
}
