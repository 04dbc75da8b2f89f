package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.optimiser.AdamW;
import io.facet.models.train.optimiser.AdamWOptions;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.OptimiserSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** CAKD's own weights trained on {@link DrawnTokens}, whose student does not learn. */
final class TokenTraining implements AutoCloseable {
  private static final int BATCH = 32;
  private static final int MEANS = 20;
  private static final double RATE = 2e-3;
  private static final double DECAY = 0.05;

  private final NDManager manager = Torch.newManager();
  private final DrawnTokens tokens;
  private final MethodSession session;
  private final OptimiserSession optimiser;
  private int step;

  TokenTraining(String options, DrawnTokens.Student student, double teacherScale) {
    ChosenMethod method =
        ChosenMethod.of(RecordBinder.select(DistillationMethod.class, "cakd", options));
    Map<String, Shape> taps =
        Map.of(CakdSession.TAP, new Shape(DrawnTokens.TOKENS, DrawnTokens.WIDTH));
    tokens = new DrawnTokens(manager, student, teacherScale);
    session =
        method.open(
            new MethodSetup(
                manager,
                1,
                2,
                DrawnTokens.FACTORS,
                DrawnTokens.FACTORS,
                taps,
                taps,
                Optional.empty(),
                Optional.empty(),
                0,
                BATCH,
                sample -> 0));
    session.initialise(manager, 7);
    optimiser =
        new AdamW().open(new AdamWOptions(0.9, 0.999, 1e-8), manager, session.weights(), DECAY);
    TensorScope.makeGradients(manager, session);
  }

  MethodSession session() {
    return session;
  }

  /** Steps done. */
  int steps() {
    return step;
  }

  /** The terms of twenty more steps, each as the mean over them. */
  Map<String, Double> train() {
    Map<String, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < MEANS; i++) {
      try (TensorScope scope = TensorScope.training(manager, session)) {
        TensorScope.zeroGradients(session);
        StepInputs inputs = inputs(scope.manager());
        NDArray total = scope.manager().zeros(new Shape());
        for (Map.Entry<String, TermLosses.Term> entry : session.losses(inputs).terms().entrySet()) {
          TermLosses.Term term = entry.getValue();
          means.merge(entry.getKey(), term.value().getFloat() / (double) MEANS, Double::sum);
          total = total.add(term.value().mul((float) term.weight()));
        }
        scope.backward(total);
        optimiser.step(new Gradients(session.weights().values()), RATE);
        session.afterStep(inputs);
        step++;
      }
    }
    return means;
  }

  private StepInputs inputs(NDManager scope) {
    DrawnTokens.Pair pair = tokens.draw(scope, BATCH);
    NDArray none = scope.zeros(new Shape(BATCH), DataType.INT64);
    return new StepInputs(pair.student(), pair.teacher(), none, none, null, step, 1000, 1000);
  }

  @Override
  public void close() {
    optimiser.close();
    session.close();
    manager.close();
  }
}
