package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.OutputShapes;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MapPair;
import io.facet.models.distill.part.SquareMaps;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;
import java.util.List;

/**
 * Attention transfer: where a feature map is active follows the teacher's.
 *
 * <p>{@code loss = sum over pairs of taps of mean((a(F_S) - a(F_T))^2)}, {@code a(F) =
 * normalise(mean_c F^p)}, maps F (B, C, H, W), the larger one averaged down.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "at",
    version = 1,
    summary = "where feature maps are active follows the teacher's",
    source = "Zagoruyko and Komodakis, ICLR 2017; code of HobbitLong/RepDistiller")
public final class AttentionTransfer implements DistillationMethod<AttentionTransfer.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the term, which is summed over the pairs of taps",
              range = "[0, inf)",
              defaultValue = "1000",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double weight,
      @Description(
              value = "power of the activations in the attention map",
              range = "[1, 8]",
              defaultValue = "2",
              source = "RepDistiller, distiller_zoo/AT.py")
          int power,
      @Description(value = "maps of the student", defaultValue = "[stage2, stage3]")
          List<String> studentTaps,
      @Description(
              value =
                  "maps of the teacher, in the same order; the larger of two maps is averaged down",
              defaultValue = "[stage2, stage3]")
          List<String> teacherTaps,
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
    List<MapPair> pairs = pairs(options, setup.shapes());
    return MethodSession.of(
        inputs -> {
          NDArray sum =
              pairs.stream()
                  .map(pair -> loss(pair.student(inputs), pair.teacher(inputs), options.power()))
                  .reduce(NDArray::add)
                  .orElseThrow();
          return new TermLosses().add("attention", options.weight(), sum);
        });
  }

  /**
   * The loss of one pair: squared differences of the attention maps {@code normalise(mean_c F^p)},
   * mean over all elements. The larger map is averaged down to the smaller one.
   *
   * @param student {@code (B, C, H, W)}
   * @param teacher {@code (B, C', H', W')}, taken as a constant
   * @return a scalar
   */
  public static NDArray loss(NDArray student, NDArray teacher, int power) {
    NDArray target = teacher.stopGradient();
    return attention(SquareMaps.shrunk(student, target), power)
        .sub(attention(SquareMaps.shrunk(target, student), power))
        .square()
        .mean();
  }

  private static NDArray attention(NDArray map, int power) {
    NDArray powered = map;
    for (int i = 1; i < power; i++) {
      powered = powered.mul(map);
    }
    NDArray mean = powered.mean(new int[] {1});
    return L2Normalise.of(mean.reshape(mean.getShape().get(0), -1));
  }
}
