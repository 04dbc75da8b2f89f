package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;

/**
 * Probabilistic knowledge transfer: who is near to whom in a batch, as probabilities.
 *
 * <p>{@code loss = mean(p_T ln((p_T + eps) / (p_S + eps)))} over B^2 pairs, p the rows of {@code
 * (cos + 1) / 2}, divided by their sums.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "pkt",
    version = 1,
    summary = "divergence of neighbourhood probabilities within the batch",
    source = "Passalis and Tefas, ECCV 2018; code of HobbitLong/RepDistiller")
public final class Pkt implements DistillationMethod<Pkt.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the divergence",
              range = "[0, inf)",
              defaultValue = "30000",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double weight,
      @Description(
              value = "added to lengths and to probabilities inside the logarithm",
              range = "(0, 1e-3]",
              defaultValue = "1e-7",
              source = "RepDistiller, distiller_zoo/PKT.py")
          double epsilon,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return MethodSession.of(
        inputs ->
            new TermLosses()
                .add(
                    "pkt",
                    options.weight(),
                    loss(
                        inputs.student().embedding(),
                        inputs.teacher().embedding(),
                        options.epsilon())));
  }

  /**
   * The loss: {@code p_T ln((p_T + eps) / (p_S + eps))}, mean over B^2 elements, where p are
   * cosines shifted to 0..1 and divided by their sum over a row.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d')}, taken as a constant
   * @return a scalar
   */
  public static NDArray loss(NDArray student, NDArray teacher, double epsilon) {
    MatchingShapes.requireBatch(student, teacher);
    NDArray target = probabilities(teacher.stopGradient(), epsilon);
    NDArray actual = probabilities(student, epsilon);
    return target.mul(target.add(epsilon).log().sub(actual.add(epsilon).log())).mean();
  }

  private static NDArray probabilities(NDArray embeddings, double epsilon) {
    NDArray directions = L2Normalise.of(embeddings, epsilon);
    NDArray near = directions.matMul(directions.transpose()).add(1).div(2);
    return near.div(near.sum(new int[] {-1}, true));
  }
}
