package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.OutputShapes;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MapPair;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.SquareMaps;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Variational information distillation: the teacher's feature map is likely under a normal
 * distribution whose mean is regressed from the student's.
 *
 * <p>{@code loss = sum over pairs of taps of mean(0.5 ((mu - F_T)^2 / v + ln v))}, mu (B, C', H, W)
 * regressed from the student's map, v (C') trained.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "vid",
    version = 1,
    summary = "likelihood of the teacher's feature maps given the student's",
    source = "Ahn et al., CVPR 2019; code of HobbitLong/RepDistiller")
public final class Vid implements DistillationMethod<Vid.Options> {
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape NONE = new Shape(0, 0);

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the term, which is summed over the pairs of taps",
              range = "[0, inf)",
              defaultValue = "1",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double weight,
      @Description(value = "maps of the student", defaultValue = "[stage2, stage3]")
          List<String> studentTaps,
      @Description(
              value =
                  "maps of the teacher, in the same order; the larger of two maps is averaged down",
              defaultValue = "[stage2, stage3]")
          List<String> teacherTaps,
      @Description(
              value = "channels inside the regressor; absent: as many as the teacher's map",
              range = "[1, 8192]",
              defaultValue = Description.ABSENT,
              source = "RepDistiller, train_student.py")
          Optional<Integer> hidden,
      @Description(
              value = "variance of each channel at the start",
              range = "(1e-3, 80]",
              defaultValue = "5",
              source = "RepDistiller, distiller_zoo/VID.py")
          double initialVariance,
      @Description(
              value = "smallest variance",
              range = "(0, 1e-3]",
              defaultValue = "1e-5",
              source = "RepDistiller, distiller_zoo/VID.py")
          double epsilon,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodNeeds needs(Options options) {
    return MapPair.needs(options.studentTaps(), options.teacherTaps());
  }

  @Override
  public void check(Options options, OutputShapes shapes) {
    pairs(options, shapes);
  }

  private List<MapPair> pairs(Options options, OutputShapes shapes) {
    return MapPair.of(key(), options.studentTaps(), options.teacherTaps(), shapes);
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, pairs(options, setup.shapes()));
  }

  /**
   * Regresses a map by three 1x1 convolutions with ReLU between them.
   *
   * @param map {@code (B, C, H, W)}
   * @param first {@code (M, C, 1, 1)}
   * @param second {@code (M, M, 1, 1)}
   * @param third {@code (C', M, 1, 1)}
   * @return {@code (B, C', H, W)}
   */
  public static NDArray regress(NDArray map, NDArray first, NDArray second, NDArray third) {
    NDArray hidden = Activation.relu(convolve(Activation.relu(convolve(map, first)), second));
    return convolve(hidden, third);
  }

  private static NDArray convolve(NDArray map, NDArray kernel) {
    return Conv2d.conv2d(map, kernel, null, ONE, NONE, ONE, 1).head();
  }

  /**
   * Negative log-likelihood {@code 0.5 ((mu - t)^2 / v + ln v)}, mean over all elements, with v =
   * softplus(scale) + epsilon for each channel.
   *
   * @param mean regressed from the student, {@code (B, C, H, W)}
   * @param teacher of the same shape, taken as a constant
   * @param scale {@code (C)}
   * @return a scalar
   */
  public static NDArray loss(NDArray mean, NDArray teacher, NDArray scale, double epsilon) {
    MatchingShapes.require(mean, teacher);
    NDArray variance = Activation.softPlus(scale).add(epsilon).reshape(1, -1, 1, 1);
    NDArray error = mean.sub(teacher.stopGradient()).square().div(variance);
    return error.add(variance.log()).mul(0.5f).mean();
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final List<MapPair> pairs;
    private final List<Regressor> regressors = new ArrayList<>();

    Session(Options options, List<MapPair> pairs) {
      this.options = options;
      this.pairs = pairs;
      for (int i = 0; i < pairs.size(); i++) {
        regressors.add(child("regressor." + i, new Regressor(pairs.get(i), options)));
      }
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray sum = null;
      for (int i = 0; i < pairs.size(); i++) {
        NDArray student = pairs.get(i).student(inputs);
        NDArray teacher = pairs.get(i).teacher(inputs);
        NDArray loss =
            regressors
                .get(i)
                .loss(
                    SquareMaps.shrunk(student, teacher),
                    SquareMaps.shrunk(teacher, student),
                    options.epsilon());
        sum = sum == null ? loss : sum.add(loss);
      }
      return new TermLosses().add("information", options.weight(), sum);
    }
  }

  /** The trained parts of one pair. */
  private static final class Regressor extends Layer {
    private final Weight first;
    private final Weight second;
    private final Weight third;
    private final Weight scale;

    Regressor(MapPair pair, Options options) {
      long from = pair.student().get(0);
      long to = pair.teacher().get(0);
      long inside = options.hidden().map(Integer::longValue).orElse(to);
      first = matrix("first", Initialiser.uniform(1 / Math.sqrt(from)), inside, from, 1, 1);
      second = matrix("second", Initialiser.uniform(1 / Math.sqrt(inside)), inside, inside, 1, 1);
      third = matrix("third", Initialiser.uniform(1 / Math.sqrt(inside)), to, inside, 1, 1);
      double start = Math.log(Math.expm1(options.initialVariance() - options.epsilon()));
      scale = vector("scale", Initialiser.constant((float) start), to);
    }

    NDArray loss(NDArray student, NDArray teacher, double epsilon) {
      NDArray mean = regress(student, first.array(), second.array(), third.array());
      return Vid.loss(mean, teacher, scale.array(), epsilon);
    }
  }
}
