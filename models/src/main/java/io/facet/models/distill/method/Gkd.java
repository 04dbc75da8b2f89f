package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
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
import io.facet.models.distill.part.TopK;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.TorchOps;
import java.util.Optional;

/**
 * GKD: distillation in two groups. The primary classes are the true one and those the student ranks
 * highest; their share of the probability is taught by one term, its division among them by
 * another.
 *
 * <pre>
 * loss = ramp T^2 / B (binaryWeight KL(mass in and outside) + primaryWeight KL(within) + secondaryWeight KL(outside))
 * </pre>
 *
 * <p>Logits are (B, C), softened by T; ramp is min(epoch / rampEpochs, 1), epochs counted from 0.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "gkd",
    version = 2,
    summary =
        "class probabilities in two groups: the classes that matter to the student, and the rest",
    source =
        "Zhao et al., Grouped Knowledge Distillation, AAAI 2023, arXiv 2304.04462; code of"
            + " WisonZ/GKD")
public final class Gkd implements DistillationMethod<Gkd.Options> {
  /** How the number k of primary classes is chosen. */
  public enum Count {
    /** The same in every step. */
    FIXED,
    /** So many that the student gives them a wanted share of its probability. */
    ADAPTIVE
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value = "number of primary classes: fixed, or adaptive to the student's confidence",
              defaultValue = "fixed",
              source = "WisonZ/GKD distillation/gkd.py and gkd_adaptive.py")
          Count count,
      @Description(
              value = "primary classes when fixed, at most all",
              range = "[1, inf)",
              defaultValue = "10000",
              source = "WisonZ/GKD distillation/gkd.py")
          int classes,
      @Description(
              value = "share of the student's probability the primary classes hold when adaptive",
              range = "(0, 1]",
              defaultValue = "0.93",
              source = "WisonZ/GKD gkd_adaptive.py")
          double rate,
      @Description(
              value = "step in which adaptive numbers are tried: 1, 1 + step, ...",
              range = "[1, inf)",
              defaultValue = "100",
              source = "WisonZ/GKD gkd_adaptive.py")
          int step,
      @Description(
              value = "weight of the share of the primary classes",
              range = "[0, inf)",
              defaultValue = "1",
              source = "WisonZ/GKD")
          double binaryWeight,
      @Description(
              value =
                  "weight of the division among the primary classes; absent: 8 fixed, 4 adaptive",
              range = "[0, inf)",
              defaultValue = Description.ABSENT,
              source = "WisonZ/GKD")
          Optional<Double> primaryWeight,
      @Description(
              value = "weight of the division among the other classes",
              range = "[0, inf)",
              defaultValue = "0",
              source = "WisonZ/GKD")
          double secondaryWeight,
      @Description(
              value = "temperature T both logits are divided by",
              range = "(0, inf)",
              defaultValue = "4",
              source = "WisonZ/GKD")
          double temperature,
      @Description(
              value = "factor on the cosines to the class weights, on both sides",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "WisonZ/GKD")
          double logitScale,
      @Description(
              value = "margin subtracted from the true class's cosine, on both sides",
              range = "[0, 1]",
              defaultValue = "0.4",
              source = "WisonZ/GKD")
          double logitMargin,
      @Description(
              value = "epochs over which the terms grow from nothing to their weight; 0: at once",
              range = "[0, inf)",
              defaultValue = "10",
              source = "WisonZ/GKD")
          int rampEpochs,
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
              defaultValue = "1",
              source = "WisonZ/GKD")
          double identityWeight)
      implements IdentityTerm {

    double primary() {
      return primaryWeight.orElse(count == Count.FIXED ? 8.0 : 4.0);
    }
  }

  /** Puts classes of the other group out of reach of the softmax, as the reference does. */
  private static final float OUT_OF_REACH = 1000;

  /** Takes a class out of a sum of probabilities altogether. */
  private static final float NOT_MARKED = 1e6f;

  private static final double SMALLEST_LOG_SHARE = Math.log(1e-12);

  @Override
  public boolean readsLabels(Options options) {
    return true;
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
   * The primary classes of each row: the true one and the student's highest others.
   *
   * @param student logits, {@code (B, C)}
   * @param labels int64, {@code (B)}
   * @param count k, in all
   * @return 1 or 0, {@code (B, C)}
   */
  public static NDArray primary(NDArray student, NDArray labels, int count) {
    NDArray index = labels.expandDims(1);
    NDArray first = index.zerosLike().toType(student.getDataType(), false).add(Float.MAX_VALUE);
    return TopK.perRow(student.stopGradient().scatter(index, first, 1), count);
  }

  /**
   * The first of 1, 1 + step, ... such that so many classes hold {@code rate} of the student's
   * probability, summed over the batch and sorted; all classes if none does.
   */
  public static int adaptiveCount(NDArray student, double rate, int step) {
    float[] sums = HostArray.floats(student.stopGradient().softmax(-1).sum(new int[] {0}));
    java.util.Arrays.sort(sums);
    double wanted = rate * student.getShape().get(0);
    double held = 0;
    for (int count = 1; count <= sums.length; count++) {
      held += sums[sums.length - count];
      if ((count - 1) % step == 0 && held >= wanted) {
        return count;
      }
    }
    return sums.length;
  }

  /**
   * {@code T^2} times the divergence of the primary classes' share, mean over the batch; shares
   * below 1e-12 count as 1e-12.
   */
  public static NDArray binary(
      NDArray student, NDArray teacher, NDArray primary, double temperature) {
    MatchingShapes.require(student, teacher);
    NDArray target = logShares(teacher.stopGradient(), primary, temperature);
    NDArray actual = logShares(student, primary, temperature);
    NDArray gap = target.maximum(SMALLEST_LOG_SHARE).sub(actual.maximum(SMALLEST_LOG_SHARE));
    return squared(target.exp().mul(gap).sum(new int[] {0}), temperature);
  }

  /**
   * Logarithms of the shares of the group and of the rest, {@code (2, B)}. By the log odds of the
   * two: where the group holds nearly all, the logarithm of its share is a small number that the
   * difference of two large ones would lose.
   */
  private static NDArray logShares(NDArray logits, NDArray group, double temperature) {
    NDArray softened = Divergence.soften(logits, temperature);
    NDArray odds = logSum(softened, group).sub(logSum(softened, group.neg().add(1)));
    return TorchOps.logSigmoid(odds).stack(TorchOps.logSigmoid(odds.neg()));
  }

  /** ln of the sum of exp over the marked columns, {@code (B)}; far below 0 without any. */
  private static NDArray logSum(NDArray values, NDArray marked) {
    NDArray reachable = values.add(marked.sub(1).mul(NOT_MARKED));
    NDArray highest = reachable.stopGradient().max(new int[] {-1}, true);
    return reachable.sub(highest).exp().sum(new int[] {-1}, true).log().add(highest).squeeze(-1);
  }

  /** {@code T^2} times the divergence among the classes of one group, mean over the batch. */
  public static NDArray within(
      NDArray student, NDArray teacher, NDArray group, double temperature) {
    MatchingShapes.require(student, teacher);
    NDArray shift = group.sub(1).mul(OUT_OF_REACH);
    return squared(
        Divergence.of(
            Divergence.soften(student, temperature).add(shift),
            Divergence.soften(teacher, temperature).add(shift),
            -1),
        temperature);
  }

  private static NDArray squared(NDArray divergences, double temperature) {
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
      NDArray student = pair.student();
      NDArray teacher = pair.teacher();
      Shape shape = student.getShape();
      int count =
          options.count() == Count.FIXED
              ? options.classes()
              : adaptiveCount(student, options.rate(), options.step());
      NDArray primary = primary(student, pair.labels(), count);
      double temperature = options.temperature();
      double ramp = ramp(inputs.epoch());
      TermLosses terms =
          new TermLosses()
              .add(
                  "binary",
                  ramp * options.binaryWeight(),
                  binary(student, teacher, primary, temperature))
              .add(
                  "primary",
                  ramp * options.primary(),
                  within(student, teacher, primary, temperature));
      if (options.secondaryWeight() > 0 && count < shape.get(1)) {
        NDArray others = primary.neg().add(1);
        terms.add(
            "secondary",
            ramp * options.secondaryWeight(),
            within(student, teacher, others, temperature));
      }
      return terms;
    }

    private double ramp(int epoch) {
      return epoch >= options.rampEpochs() ? 1 : (double) epoch / options.rampEpochs();
    }
  }
}
