package io.facet.models.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OptimiserSessionTest {
  private NDManager base;

  @BeforeEach
  void open() {
    base = Torch.newManager();
  }

  @AfterEach
  void close() {
    base.close();
  }

  @Test
  void decayLeavesBiasesAlone() {
    Linear layer = new Linear(1, 1, true);
    layer.load(base, Map.of("weight", new float[] {2}, "bias", new float[] {2}));
    OptimiserSession session =
        new Sgd().open(new SgdOptions(0.9, false), base, layer.weights(), 0.5);
    try (TensorScope scope = TensorScope.training(base, layer)) {
      session.step(new Gradients(layer.weights().values()), 0.1);
    }
    assertThat(layer.save().get("weight")[0]).isEqualTo(1.9f, within(1e-6f));
    assertThat(layer.save().get("bias")[0]).isEqualTo(2);
  }

  @Test
  void frozenWeightsStayAsTheyAre() {
    Linear layer = initialised();
    Map<String, float[]> before = layer.save();
    layer.bias().setTrainable(false);
    OptimiserSession session = open(new AdamW(), layer);
    train(layer, session, 1);
    assertThat(layer.save().get("weight")).isNotEqualTo(before.get("weight"));
    assertThat(layer.save().get("bias")).isEqualTo(before.get("bias"));
  }

  @Test
  void aLoadedSessionGoesOnWithTheSameBits() {
    for (Optimiser<?> optimiser : new Optimiser<?>[] {new Sgd(), new AdamW()}) {
      Linear whole = initialised();
      OptimiserSession undisturbed = open(optimiser, whole);
      train(whole, undisturbed, 5);

      Linear first = initialised();
      OptimiserSession stopped = open(optimiser, first);
      train(first, stopped, 2);
      Linear second = new Linear(3, 2, true);
      second.load(base, first.save());
      OptimiserSession resumed = open(optimiser, second);
      resumed.load(stopped.save());
      assertThat(resumed.steps()).isEqualTo(2);
      train(second, resumed, 3);

      assertThat(second.save().get("weight")).isEqualTo(whole.save().get("weight"));
      assertThat(second.save().get("bias")).isEqualTo(whole.save().get("bias"));
      resumed
          .save()
          .forEach((key, state) -> assertThat(state).isEqualTo(undisturbed.save().get(key)));
    }
  }

  @Test
  void stateOfAnotherRunIsRefusedByName() {
    Linear layer = initialised();
    OptimiserSession session = open(new Sgd(), layer);
    Map<String, float[]> state = new HashMap<>(session.save());
    state.put("velocity/weight", new float[1]);
    assertThatThrownBy(() -> session.load(state))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("velocity/weight");
  }

  @Test
  void theClipReportsTheNormOfAllGradients() {
    Linear layer = new Linear(1, 1, true);
    layer.load(base, Map.of("weight", new float[] {0}, "bias", new float[] {0}));
    try (TensorScope scope = TensorScope.training(base, layer)) {
      NDArray x = scope.manager().create(new float[] {0.75f}, new Shape(1, 1));
      scope.backward(layer.forward(x).mul(4).sum());
      Gradients gradients = new Gradients(layer.weights().values());
      assertThat(HostArray.number(Gradients.clip(List.of(gradients), 1)))
          .isEqualTo(5, within(1e-5f));
      assertThat(HostArray.number(Gradients.clip(List.of(gradients), 1)))
          .isEqualTo(1, within(1e-5f));
      assertThat(layer.bias().array().getGradient().getFloat(0)).isEqualTo(0.8f, within(1e-5f));
    }
  }

  @Test
  void withoutMomentumAStepIsPlainDescent() {
    Linear layer = new Linear(1, 1, true);
    layer.load(base, Map.of("weight", new float[] {2}, "bias", new float[] {1}));
    OptimiserSession session = new Sgd().open(new SgdOptions(0, false), base, layer.weights(), 0.5);
    float weight = 2;
    float bias = 1;
    for (int step = 0; step < 3; step++) {
      step(layer, session, 3, 0.1);
      weight -= 0.1f * (3 + 0.5f * weight);
      bias -= 0.1f;
    }

    assertThat(layer.save().get("weight")[0]).isEqualTo(weight, within(1e-6f));
    assertThat(layer.save().get("bias")[0]).isEqualTo(bias, within(1e-6f));
    assertThat(session.save()).containsOnlyKeys("steps");
    session.load(session.save());
    assertThat(session.steps()).isEqualTo(3);
  }

  @Test
  void lookingAheadNeedsMomentum() {
    assertThatThrownBy(
            () -> RecordBinder.bindJson(SgdOptions.class, "{\"momentum\": 0, \"nesterov\": true}"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("nesterov needs momentum above 0");
    assertThat(RecordBinder.bindJson(SgdOptions.class, "{\"nesterov\": true}").momentum())
        .isEqualTo(0.9);
  }

  @Test
  void withoutDecayOnlyGradientsMoveTheWeights() {
    for (double momentum : new double[] {0, 0.9}) {
      Linear layer = new Linear(1, 1, true);
      layer.load(base, Map.of("weight", new float[] {2}, "bias", new float[] {1}));
      OptimiserSession session =
          new Sgd().open(new SgdOptions(momentum, false), base, layer.weights(), 0);
      step(layer, session, 0, 0.1);
      assertThat(layer.save().get("weight")[0]).isEqualTo(2);
      step(layer, session, 3, 0.1);
      assertThat(layer.save().get("weight")[0]).isEqualTo(2 - 0.3f, within(1e-6f));
    }
  }

  /** The formula in double: means of gradients and their squares, corrected, and decay apart. */
  @Test
  void adamFollowsItsFormulaAlsoWithoutMemory() {
    double[][] betas = {{0, 0}, {0, 0.999}, {0.9, 0}, {0.9, 0.999}};
    for (double[] beta : betas) {
      for (double decay : new double[] {0, 0.1}) {
        Linear layer = new Linear(1, 1, true);
        layer.load(base, Map.of("weight", new float[] {2}, "bias", new float[] {1}));
        OptimiserSession session =
            new AdamW()
                .open(new AdamWOptions(beta[0], beta[1], 1e-8), base, layer.weights(), decay);
        double weight = 2;
        double mean = 0;
        double square = 0;
        for (int step = 1; step <= 3; step++) {
          double gradient = step == 2 ? -4 : step;
          step(layer, session, (float) gradient, 0.1);
          mean = beta[0] * mean + (1 - beta[0]) * gradient;
          square = beta[1] * square + (1 - beta[1]) * gradient * gradient;
          double corrected = mean / (1 - Math.pow(beta[0], step));
          double root = Math.sqrt(square / (1 - Math.pow(beta[1], step)));
          weight -= 0.1 * decay * weight;
          weight -= 0.1 * corrected / (root + 1e-8);
        }

        assertThat((double) layer.save().get("weight")[0])
            .as("%s %s %s", beta[0], beta[1], decay)
            .isEqualTo(weight, within(1e-5));
      }
    }
  }

  /** One step with this gradient of the weight and a gradient of 1 of the bias. */
  private void step(Linear layer, OptimiserSession session, float gradient, double rate) {
    try (TensorScope scope = TensorScope.training(base, layer)) {
      TensorScope.zeroGradients(layer);
      NDArray x = scope.manager().create(new float[] {gradient}, new Shape(1, 1));
      scope.backward(layer.forward(x).sum());
      session.step(new Gradients(layer.weights().values()), rate);
    }
  }

  private Linear initialised() {
    Linear layer = new Linear(3, 2, true);
    layer.initialise(base, 3);
    return layer;
  }

  private OptimiserSession open(Optimiser<?> optimiser, Linear layer) {
    return optimiser instanceof Sgd sgd
        ? sgd.open(new SgdOptions(0.9, true), base, layer.weights(), 0.01)
        : ((AdamW) optimiser).open(new AdamWOptions(0.9, 0.999, 1e-8), base, layer.weights(), 0.01);
  }

  private void train(Linear layer, OptimiserSession session, int steps) {
    for (int i = 0; i < steps; i++) {
      try (TensorScope scope = TensorScope.training(base, layer)) {
        TensorScope.zeroGradients(layer);
        NDArray x = scope.manager().create(new float[] {1, -2, 0.5f}, new Shape(1, 3));
        scope.backward(layer.forward(x).square().sum());
        session.step(new Gradients(layer.weights().values()), 0.05);
      }
    }
  }
}
