package io.facet.models.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class QudTest extends MethodContract {
  QudTest() {
    super("qud");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{\"queueSize\": 3, \"temperature\": 0.07}");
  }

  @Override
  protected boolean minimumIsZero() {
    return false;
  }

  @Test
  void theQueueBeginsWithUnitRows() {
    float[] rows = Qud.unitRows(new Shape(5, 4), RandomGenerator.of("L64X128MixRandom"));

    for (int row = 0; row < 5; row++) {
      double squares = 0;
      for (int i = 0; i < 4; i++) {
        squares += rows[row * 4 + i] * rows[row * 4 + i];
      }
      assertThat(squares).isCloseTo(1, within(1e-6));
    }
  }
}
