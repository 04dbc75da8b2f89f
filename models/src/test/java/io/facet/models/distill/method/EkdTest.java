package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.part.RunningThresholds;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;

class EkdTest extends MethodContract {
  private static final int[] NEGATIVES = {1, 2, 3};

  EkdTest() {
    super("ekd");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{debias: true, hardestNegatives: 2, anchors: [1, 2]}");
  }

  @Override
  protected int waitsInTenSteps(String options) {
    return 20;
  }

  @Test
  void countsPassedThresholdsSoftly() {
    double[] thresholds = {0.6, 0.4};
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDArray similarities = scope.manager().create(new float[] {0.5f, 0.7f, 0.405f, -1});

      float[] passed = Ekd.passed(similarities, thresholds, 0.01).toFloatArray();

      assertThat(passed[0]).isCloseTo(1, within(1e-5f));
      assertThat(passed[1]).isCloseTo(1.999955f, within(1e-5f));
      assertThat(passed[2]).isCloseTo(0.622459f, within(1e-5f));
      assertThat(passed[3]).isCloseTo(0, within(1e-9f));
    }
  }

  @Test
  void thresholdsAreTheSimilaritiesThatOneInSoManyExceeds() {
    RunningThresholds thresholds = new RunningThresholds(List.of(1.0, 2.0, 3.0, 10.0), 1, false);

    thresholds.update(NEGATIVES, new float[] {9, 0.2f, 0.6f, 0.4f});

    assertThat(thresholds.current())
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.2, 0.4, 0.4, 0.6);
  }

  @Test
  void withoutPairsOfTwoIdentitiesThresholdsStay() {
    RunningThresholds thresholds = new RunningThresholds(List.of(1.0), 0.5, false);
    thresholds.update(NEGATIVES, new float[] {9, 0.2f, 0.2f, 0.2f});

    thresholds.update(new int[0], new float[] {1});

    assertThat(thresholds.current()[0]).isCloseTo(0.1, within(1e-6));
  }

  @Test
  void debiasingMakesUpForTheStartAtZero() {
    RunningThresholds thresholds = new RunningThresholds(List.of(1.0), 0.01, true);
    for (int i = 0; i < 3; i++) {
      thresholds.update(NEGATIVES, new float[] {9, 0.2f, 0.2f, 0.2f});

      assertThat(thresholds.current()[0]).isCloseTo(0.2, within(1e-6));
    }
  }

  @Test
  void anchorsBelowOneAreRefused() {
    Ekd.Options options = new Ekd.Options(1, 1, 10, List.of(0.5), 0.01, 0.01, false, 1);

    assertThatThrownBy(() -> new Ekd.Session(options))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("anchors");
  }
}
