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
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.Reduction;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;

/**
 * Raw L2: the student's embedding takes the teacher's values, length included. With options it is
 * two more terms of the literature: normalised and summed, head sharing's KDE; normalised and
 * averaged, QUD's MSE baseline.
 *
 * <p>{@code loss = 1/B sum ||s_i - t_i||^2}; s, t: (B, d).
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "l2",
    version = 3,
    summary = "squared distance of embeddings, raw or normalised",
    source = "Boutros et al., AdaDistill, ECCV 2024 (feature distillation baseline)")
public final class RawL2 implements DistillationMethod<RawL2.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the feature term",
              range = "[0, inf)",
              defaultValue = "1",
              source = "AdaDistill's poster: (1/N) sum ||f_s - f_t||^2")
          double weight,
      @Description(
              value = "compare directions instead of raw embeddings",
              defaultValue = "false",
              source = "true: HeadSharingKD (KDE), jankolf/QUD (MSE)")
          boolean normalise,
      @Description(
              value =
                  "batch-mean: sum over the width, mean over the batch; sum: over both; mean: over both",
              defaultValue = "batch-mean",
              source = "sum: HeadSharingKD (KDE); mean: jankolf/QUD (MSE)")
          Reduction reduction,
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
        !options.normalise(),
        (student, teacher) ->
            new TermLosses()
                .add(
                    "feature",
                    options.weight(),
                    loss(student, teacher, options.normalise(), options.reduction())));
  }

  /**
   * The loss: squared differences, reduced.
   *
   * @param student raw embeddings, {@code (B, d)}
   * @param teacher raw embeddings, {@code (B, d)}, taken as a constant
   * @param normalise whether both sides are first divided by their lengths
   * @return a scalar
   */
  public static NDArray loss(
      NDArray student, NDArray teacher, boolean normalise, Reduction reduction) {
    MatchingShapes.require(student, teacher);
    NDArray target = teacher.stopGradient();
    NDArray difference =
        normalise ? L2Normalise.of(student).sub(L2Normalise.of(target)) : student.sub(target);
    return reduction.of(difference.square());
  }
}
