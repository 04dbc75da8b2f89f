package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the steps {@code sN, tN, yN} of a golden case through a method's session, as the engine
 * would, and checks each step's {@code lossN} and {@code grad_sN}.
 */
public final class GoldenSession {
  private GoldenSession() {}

  /** Checks what a method keeps after a step. */
  @FunctionalInterface
  interface AfterStep {
    void check(int step);
  }

  /** A setup for embeddings {@code s1, t1}; a method without class weights or taps. */
  static MethodSetup setup(GoldenCase golden, NDManager manager, int classes, int samples) {
    return new MethodSetup(
        manager,
        1,
        classes,
        width(golden, "s1"),
        width(golden, "t1"),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        samples,
        sample -> sample % classes);
  }

  private static int width(GoldenCase golden, String input) {
    return (int) golden.floats(input).shape().get(1);
  }

  /** Starts a session from given weights; those not named stay as drawn. */
  static void begin(MethodSession session, NDManager manager, Map<String, float[]> weights) {
    session.initialise(manager, 1);
    Map<String, float[]> all = new LinkedHashMap<>(session.save());
    all.putAll(weights);
    session.load(manager, all);
  }

  /** Runs all steps; gradients of the session's own weights add up. */
  static void run(
      GoldenCase golden, NDManager manager, MethodSession session, AfterStep afterStep) {
    for (int step = 1; step <= golden.param("steps").asInt(); step++) {
      try (TensorScope scope = TensorScope.training(manager, session)) {
        StepInputs inputs = inputs(golden, scope.manager(), step);
        NDArray total = null;
        for (TermLosses.Term term : session.losses(inputs).terms().values()) {
          NDArray weighted = term.value().mul((float) term.weight());
          total = total == null ? weighted : total.add(weighted);
        }
        scope.backward(total);
        golden.assertClose("loss" + step, total);
        if (golden.expects("grad_s" + step)) {
          golden.assertClose("grad_s" + step, inputs.student().embedding().getGradient());
        }
        try (TensorScope after = TensorScope.inference(scope.manager())) {
          session.afterStep(inputs);
        }
      }
      afterStep.check(step);
    }
  }

  /** The samples of each step are images of their own. */
  private static StepInputs inputs(GoldenCase golden, NDManager manager, int step) {
    NDArray student = golden.array(manager, "s" + step);
    student.setRequiresGradient(true);
    long batch = student.getShape().get(0);
    NDArray labels =
        golden.hasInput("y" + step)
            ? golden.array(manager, "y" + step)
            : manager.zeros(new Shape(batch), DataType.INT64);
    return new StepInputs(
        new Features(student, Map.of()),
        new Features(golden.array(manager, "t" + step), Map.of()),
        labels,
        manager.arange((int) batch * (step - 1), (int) batch * step, 1, DataType.INT64),
        null,
        step - 1,
        100,
        100);
  }
}
