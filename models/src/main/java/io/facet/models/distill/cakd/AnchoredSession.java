package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.prompt.PromptMode;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.List;
import java.util.Optional;

/**
 * CAKD whose terms fall only if the student, or the prompts, become like the teacher.
 *
 * <pre>
 * reconstruction = mean(1 - cos(mean_l(o_T) R, t))   trains R, shared parts and prompts
 * attention = mean((norm(log A_T) - norm(log A_S))^2), local = mean((norm(o_T) - norm(o_S))^2)
 *                                                    train student, its projection and prompts
 * </pre>
 *
 * <p>t is the teacher's embedding, without prompts where these learn, so that they cannot forget
 * what the teacher knows. norm is taken over the batch, element by element; both terms are then 2 -
 * 2 r with r the mean correlation of both sides over faces: 2 for sides that have nothing to do
 * with each other, whatever their scale and whatever all faces share. Reconstructed.
 */
final class AnchoredSession extends CakdSession {
  /** Share of the newest weights in the moving average. */
  private static final double NEWEST = 0.01;

  private final CakdOptions options;
  private final Weight studentProjection;
  private final Weight reconstruction;
  private final SharedLocals shared;

  /** What the terms go through in form ema. */
  private final Optional<SharedLocals> average;

  AnchoredSession(CakdOptions options, MethodSetup setup) {
    super(options, setup);
    this.options = options;
    Shape student = tokens(setup.studentTaps().get(TAP));
    studentProjection = map("studentProjection", student.get(1), options.width());
    reconstruction = map("reconstruction", options.width(), setup.teacherEmbedding());
    shared = child("shared", new SharedLocals(options, setup));
    average =
        options.form() == CakdForm.EMA
            ? Optional.of(child("average", new SharedLocals(options, setup)))
            : Optional.empty();
    average.ifPresent(layer -> layer.setTrainable(false));
  }

  private Weight map(String name, long from, long to) {
    return matrix(name, Initialiser.normal(1 / Math.sqrt(from)), from, to);
  }

  @Override
  TermLosses compare(StepInputs inputs) {
    if (inputs.step() == 0) {
      moveAverage(1);
    }
    boolean joint = options.prompts() == PromptMode.JOINT;
    NDArray tap = inputs.teacher().tap(TAP);
    LocalAttention.Attended anchored = shared.teacher(joint ? tap : tap.stopGradient());
    LocalAttention.Attended teacher = teacher(tap, anchored);
    LocalAttention.Attended student =
        average.orElse(shared).student(inputs.student().tap(TAP), studentProjection);
    watch(inputs, "student", student.outputs(), "lower the student's learning rate");
    watch(
        inputs,
        "teacher",
        teacher.outputs(),
        "raise reconstructionWeight" + (joint ? " or lower the prompts' learning rate" : ""));
    return new TermLosses()
        .add("attention", options.attentionWeight(), teacher.attentionDifference(student))
        .add("local", options.localWeight(), teacher.featureDifference(student))
        .add(
            "reconstruction",
            options.reconstructionWeight(),
            reconstruction(inputs, anchored.outputs()));
  }

  /** The teacher's side of the terms: its gradients reach the prompts, if any. */
  private LocalAttention.Attended teacher(NDArray tap, LocalAttention.Attended anchored) {
    if (options.prompts() == PromptMode.JOINT && options.aptGradient() == AptGradient.BOTH) {
      return average.orElse(shared).constantTeacher(tap);
    }
    return average
        .map(layer -> layer.constantTeacher(tap.stopGradient()))
        .orElseGet(anchored::constant);
  }

  private NDArray reconstruction(StepInputs inputs, NDArray outputs) {
    NDArray known =
        options.prompts() == PromptMode.JOINT
            ? inputs.teacher().tap(PromptSet.UNPROMPTED)
            : inputs.teacher().embedding();
    NDArray told = outputs.mean(new int[] {1}).matMul(reconstruction.array());
    return L2Normalise.cosines(told, known.stopGradient()).mean().neg().add(1);
  }

  private void moveAverage(double share) {
    average.ifPresent(layer -> TorchOps.moveTowards(arrays(layer), arrays(shared), share));
  }

  private static List<NDArray> arrays(SharedLocals layer) {
    return layer.weights().values().stream().map(weight -> weight.array().stopGradient()).toList();
  }

  @Override
  public void afterStep(StepInputs inputs) {
    moveAverage(NEWEST);
  }
}
