package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Linear;
import java.util.Optional;

/**
 * Correlation congruence: correlations between the samples of a batch follow the teacher's.
 *
 * <p>tface: {@code mean((K(s) - K(t))^2)} over B^2 pairs, {@code K = sum_p e^-2g (2g)^p / p!
 * cos^p}; repdistiller: {@code mean_i sum_k |d_ik| |d_i+1,k|}, d (B, m) the difference of both
 * mapped embeddings. s, t: (B, d).
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "cc",
    version = 1,
    summary = "correlations between the samples of a batch follow the teacher's",
    source = "Peng et al., ICCV 2019; code of Tencent/TFace and HobbitLong/RepDistiller")
public final class CorrelationCongruence
    implements DistillationMethod<CorrelationCongruence.Options> {
  /** Which of two published codes. */
  public enum Variant {
    /** Differences of Gaussian kernel matrices, by their Taylor series. */
    TFACE,
    /** Products of the differences of batch neighbours, through trained maps on both sides. */
    REPDISTILLER
  }

  private static final double KERNEL_WEIGHT = 1000;
  private static final double NEIGHBOUR_WEIGHT = 0.02;

  /** Options of the method. */
  public record Options(
      @Description(
              value =
                  "weight of the term; absent: 0.02 for repdistiller (its script), 1000 for tface (our choice)",
              range = "[0, inf)",
              defaultValue = Description.ABSENT,
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          Optional<Double> weight,
      @Description(
              value =
                  "tface: kernel matrices, near to the paper; repdistiller: products of batch neighbours",
              defaultValue = "tface")
          Variant variant,
      @Description(
              value = "tface: width g of the kernel",
              range = "(0, inf)",
              defaultValue = "0.4",
              source = "Tencent/TFace, ekd/distillation/cc.py")
          double gamma,
      @Description(
              value = "tface: terms P of the kernel's series, powers 0 to P - 1",
              range = "[2, 20]",
              defaultValue = "2",
              source = "Tencent/TFace, ekd/distillation/cc.py")
          int terms,
      @Description(
              value = "repdistiller: width of the trained maps",
              range = "[1, 8192]",
              defaultValue = "128",
              source = "RepDistiller")
          int mapped,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return options.variant() == Variant.TFACE
        ? new KernelSession(options)
        : new NeighbourSession(options, setup);
  }

  /**
   * Mean squared difference of the kernel matrices {@code K = sum_p e^-2g (2g)^p / p! cos^p}.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d')}, taken as a constant
   * @param gamma g
   * @param terms number of powers p, from 0
   * @return a scalar
   */
  public static NDArray kernelLoss(NDArray student, NDArray teacher, double gamma, int terms) {
    MatchingShapes.requireBatch(student, teacher);
    NDArray target = kernel(teacher.stopGradient(), gamma, terms);
    return kernel(student, gamma, terms).sub(target).square().mean();
  }

  private static NDArray kernel(NDArray embeddings, double gamma, int terms) {
    NDArray cosines = L2Normalise.similarities(embeddings);
    NDArray power = cosines.onesLike();
    double factor = Math.exp(-2 * gamma);
    NDArray sum = power.mul(factor);
    for (int p = 1; p < terms; p++) {
      power = power.mul(cosines);
      factor *= 2 * gamma / p;
      sum = sum.add(power.mul(factor));
    }
    return sum;
  }

  /**
   * Mean over neighbours in the batch of {@code sum_k |d_i,k| |d_i+1,k|} with {@code d = student -
   * teacher}; 0 for a batch of one. Depends on the order of the batch.
   *
   * @param student mapped embeddings, {@code (B, m)}
   * @param teacher mapped embeddings, {@code (B, m)}, with gradients
   * @return a scalar
   */
  public static NDArray neighbourLoss(NDArray student, NDArray teacher) {
    MatchingShapes.require(student, teacher);
    NDArray distance = student.sub(teacher).abs();
    if (distance.getShape().get(0) == 1) {
      return distance.sum().mul(0f);
    }
    return distance.get(":-1").mul(distance.get("1:")).sum(new int[] {-1}).mean();
  }

  private static final class KernelSession extends MethodSession {
    private final Options options;

    KernelSession(Options options) {
      this.options = options;
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      return new TermLosses()
          .add(
              "correlation",
              options.weight().orElse(KERNEL_WEIGHT),
              kernelLoss(
                  inputs.student().embedding(),
                  inputs.teacher().embedding(),
                  options.gamma(),
                  options.terms()));
    }
  }

  private static final class NeighbourSession extends MethodSession {
    private final Options options;
    private final Linear student;
    private final Linear teacher;

    NeighbourSession(Options options, MethodSetup setup) {
      this.options = options;
      student = child("student", new Linear(setup.studentEmbedding(), options.mapped(), true));
      teacher = child("teacher", new Linear(setup.teacherEmbedding(), options.mapped(), true));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      return new TermLosses()
          .add(
              "correlation",
              options.weight().orElse(NEIGHBOUR_WEIGHT),
              neighbourLoss(
                  student.forward(inputs.student().embedding()),
                  teacher.forward(inputs.teacher().embedding().stopGradient())));
    }
  }
}
