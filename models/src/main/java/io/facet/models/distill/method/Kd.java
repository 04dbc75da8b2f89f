package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.ClassLogits;
import io.facet.models.distill.part.Divergence;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;

/**
 * Hinton's distillation: the student's class probabilities follow the teacher's softened ones.
 *
 * <p>{@code loss = T^2 / B sum p_T (ln p_T - ln p_S)}, probabilities of {@code logits / T}, logits
 * (B, C): {@code logitScale (cos - logitMargin [c = y])} to each side's own class weights.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "kd",
    version = 1,
    summary = "divergence of softened class probabilities over the training identities",
    source = "Hinton et al. 2015, arXiv 1503.02531; code of HobbitLong/RepDistiller")
public final class Kd implements DistillationMethod<Kd.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the divergence",
              range = "[0, inf)",
              defaultValue = "0.9",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double weight,
      @Description(
              value = "temperature T both logits are divided by",
              range = "(0, inf)",
              defaultValue = "4",
              source = "RepDistiller, distiller_zoo/KD.py")
          double temperature,
      @Description(
              value = "factor on the cosines to the class weights, on both sides",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "WisonZ/GKD")
          double logitScale,
      @Description(
              value =
                  "margin subtracted from the true class's cosine, on both sides; GKD takes 0.4",
              range = "[0, 1]",
              defaultValue = "0",
              source = "WisonZ/GKD")
          double logitMargin,
      @Description(
              value =
                  "share of the identities whose logits are computed in a step, drawn anew for each, the batch's own always; below 1 for very many identities",
              range = "(0, 1]",
              defaultValue = "1",
              source = "An et al. 2021, Partial FC, there for the identity term: reconstructed")
          double identitySampleRate,
      @Description(
              value =
                  "weight of the identity term beside it; the student's classifier learns there",
              range = "(0, inf)",
              defaultValue = "0.1",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double identityWeight)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return options.logitMargin() > 0 || options.identitySampleRate() < 1;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .with(Need.TEACHER_CLASSIFIER)
        .with(Need.STUDENT_CLASSIFIER);
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * The loss: {@code T^2 / B * sum p_T (ln p_T - ln p_S)}, probabilities of {@code logits / T}.
   *
   * @param student logits, {@code (B, C)}
   * @param teacher logits, {@code (B, C)}, taken as constants
   * @param temperature T, above 0
   * @return a scalar
   * @throws IllegalArgumentException if the shapes differ or the temperature is not above 0
   */
  public static NDArray loss(NDArray student, NDArray teacher, double temperature) {
    MatchingShapes.require(student, teacher);
    NDArray divergences =
        Divergence.of(
            Divergence.soften(student, temperature), Divergence.soften(teacher, temperature), -1);
    return divergences.mean().mul((float) (temperature * temperature));
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final ClassLogits logits;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      this.logits = new ClassLogits(setup, options.logitScale(), options.logitMargin());
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      ClassLogits.Pair pair = logits.of(inputs, options.identitySampleRate());
      return new TermLosses()
          .add("kd", options.weight(), loss(pair.student(), pair.teacher(), options.temperature()));
    }
  }
}
