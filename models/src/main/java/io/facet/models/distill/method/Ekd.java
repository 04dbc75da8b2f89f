package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import com.google.auto.service.AutoService;
import io.facet.models.RecipeException;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.BatchPairs;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.RunningThresholds;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TorchOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * EKD: pairs of faces shall pass the same decision thresholds in the student as in the teacher. The
 * thresholds are those of fixed false accept rates, followed with a running mean.
 *
 * <p>It needs pairs of one identity in most batches: train it with the sampler {@code
 * half-balanced}.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "ekd",
    version = 1,
    summary =
        "pairs pass the same false-accept thresholds as in the teacher; wants the sampler half-balanced",
    source = "Huang et al., EKD, CVPR 2022; code of Tencent/TFace")
public final class Ekd implements DistillationMethod<Ekd.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of pairs of one identity",
              range = "[0, inf)",
              defaultValue = "0.02",
              source = "Tencent/TFace recognition/tasks/ekd")
          double positiveWeight,
      @Description(
              value = "weight of pairs of two identities",
              range = "[0, inf)",
              defaultValue = "0.01",
              source = "Tencent/TFace recognition/tasks/ekd")
          double negativeWeight,
      @Description(
              value = "pairs of two identities that count: those the student finds most similar",
              range = "[1, inf)",
              defaultValue = "2000",
              source = "Tencent/TFace recognition/tasks/ekd")
          int hardestNegatives,
      @Description(
              value =
                  "a threshold for each: one in so many pairs of two identities is above it; from 1",
              defaultValue = "[10, 100, 1000, 10000, 100000, 1000000]",
              source = "Tencent/TFace recognition/tasks/ekd")
          List<Double> anchors,
      @Description(
              value = "width of the soft step at a threshold, in cosine",
              range = "(0, inf)",
              defaultValue = "0.01",
              source = "Tencent/TFace recognition/tasks/ekd")
          double temperature,
      @Description(
              value = "share of a batch's own thresholds in the running ones",
              range = "(0, 1]",
              defaultValue = "0.01",
              source = "Tencent/TFace recognition/tasks/ekd")
          double newShare,
      @Description(
              value =
                  "divide the running thresholds by the share of real batches in them; they begin at 0 and are too low for some hundred steps otherwise",
              defaultValue = "false",
              source = "reconstructed; TFace does not")
          boolean debias,
      @Description(
              value = "weight of the identity term beside it",
              range = "[0, inf)",
              defaultValue = "1",
              source = "Tencent/TFace recognition/tasks/ekd")
          double identityWeight)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options);
  }

  /**
   * How many thresholds a similarity has passed, softly: sum over thresholds of sigmoid((x -
   * threshold) / temperature), the argument within [-50, 50].
   *
   * @param similarities {@code (P)}
   * @return {@code (P)}
   */
  static NDArray passed(NDArray similarities, double[] thresholds, double temperature) {
    float[] values = new float[thresholds.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) thresholds[i];
    }
    NDArray row = NewArray.of(similarities, values, new Shape(1, values.length));
    NDArray steps = similarities.expandDims(1).sub(row).div(temperature).clip(-50, 50);
    return Activation.sigmoid(steps).sum(new int[] {1});
  }

  /** The method at work; its running thresholds are its {@link #state}. */
  static final class Session extends MethodSession {
    private static final String STUDENT = "studentThresholds";
    private static final String TEACHER = "teacherThresholds";

    private final Options options;
    private final RunningThresholds student;
    private final RunningThresholds teacher;
    private boolean withoutPositives;

    Session(Options options) {
      if (options.anchors().isEmpty() || options.anchors().stream().anyMatch(a -> !(a >= 1))) {
        throw new RecipeException(
            "method 'ekd': anchors must be one or more numbers from 1, not " + options.anchors());
      }
      this.options = options;
      student = new RunningThresholds(options.anchors(), options.newShare(), options.debias());
      teacher = new RunningThresholds(options.anchors(), options.newShare(), options.debias());
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray ofStudent = L2Normalise.similarities(inputs.student().embedding()).flatten();
      NDArray ofTeacher =
          L2Normalise.similarities(inputs.teacher().embedding().stopGradient()).flatten();
      MatchingShapes.require(ofStudent, ofTeacher);
      BatchPairs pairs = BatchPairs.of(inputs.labels().values());
      float[] values = HostArray.floats(ofStudent);
      student.update(pairs.negatives(), values);
      teacher.update(pairs.negatives(), HostArray.floats(ofTeacher));
      withoutPositives |= pairs.positives().length == 0;
      int[] hardest = BatchPairs.mostSimilar(pairs.negatives(), values, options.hardestNegatives());
      return new TermLosses()
          .add(
              "positives",
              options.positiveWeight(),
              difference(ofStudent, ofTeacher, pairs.positives()))
          .add("negatives", options.negativeWeight(), difference(ofStudent, ofTeacher, hardest));
    }

    /** Mean squared difference of passed thresholds over these pairs; 0 for none. */
    private NDArray difference(NDArray ofStudent, NDArray ofTeacher, int[] pairs) {
      if (pairs.length == 0) {
        return ofStudent.sum().mul(0f);
      }
      NDArray places = BatchPairs.places(ofStudent, pairs);
      NDArray one =
          passed(TorchOps.rows(ofStudent, places), student.current(), options.temperature());
      NDArray other =
          passed(TorchOps.rows(ofTeacher, places), teacher.current(), options.temperature());
      return one.sub(other).square().mean();
    }

    @Override
    public Map<String, String> alarms() {
      if (!withoutPositives) {
        return Map.of();
      }
      withoutPositives = false;
      return Map.of(
          "positives",
          "ekd: some batches had no two faces of one identity; set training.sampler: half-balanced");
    }

    @Override
    public Map<String, double[]> state() {
      Map<String, double[]> state = new LinkedHashMap<>();
      state.put(STUDENT, student.state());
      state.put(TEACHER, teacher.state());
      return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
      student.restore(state.get(STUDENT));
      teacher.restore(state.get(TEACHER));
    }
  }
}
