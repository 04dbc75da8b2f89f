package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.AdaptedSession;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;

/**
 * Feature consistency: the student's embedding takes the direction of the teacher's.
 *
 * <p>{@code loss = mean(2 - 2 cos(s_i, t_i))}, form COS: {@code mean(1 - cos(s_i, t_i))}; s, t: (B,
 * d).
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "feature-consistency",
    version = 2,
    summary = "the student's embedding takes the direction of the teacher's",
    source = "Liu et al., CoupleFace, ECCV 2022 (the term FCD); code of Tencent/TFace")
public final class FeatureConsistency implements DistillationMethod<FeatureConsistency.Options> {
  /** How the difference of two directions is measured. */
  public enum Form {
    /** Squared distance of the directions, 2 - 2 cos. */
    L2,
    /** 1 - cos. */
    COS
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the feature term",
              range = "[0, inf)",
              defaultValue = "1",
              source = "TFace cosine_distance; MarginDistillation's angular term")
          double weight,
      @Description(
              value = "L2: mean of 2 - 2 cos, COS: mean of 1 - cos",
              defaultValue = "L2",
              source = "CoupleFace (FCD)")
          Form form,
      @IdentityWeight double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new AdaptedSession(
        key(),
        setup,
        options.adapter(),
        false,
        (student, teacher) ->
            new TermLosses()
                .add("feature", options.weight(), loss(student, teacher, options.form())));
  }

  /**
   * The loss: mean over the batch.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d)}, taken as a constant
   * @return a scalar
   */
  public static NDArray loss(NDArray student, NDArray teacher, Form form) {
    NDArray target = L2Normalise.of(teacher.stopGradient());
    NDArray direction = L2Normalise.of(student);
    return switch (form) {
      case L2 -> direction.sub(target).square().sum(new int[] {-1}).mean();
      case COS -> direction.mul(target).sum(new int[] {-1}).mean().neg().add(1);
    };
  }
}
