package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.OutputShapes;
import io.facet.models.distill.part.MapPair;
import io.facet.models.distill.part.MapRegressor;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitNetTest extends MethodContract {
  FitNetTest() {
    super("fitnet");
  }

  @Override
  protected List<String> options() {
    return List.of(
        "{regressor: none}",
        "{hint: embedding}",
        "{regressor: none, studentTap: last, teacherTap: last}");
  }

  @Override
  protected Map<String, Shape> taps() {
    return Map.of(
        "stage2", new Shape(3, 4, 4), "stage3", new Shape(5, 2, 2), "last", new Shape(9, 5));
  }

  @ParameterizedTest
  @CsvSource({"28, 14", "14, 14", "14, 12", "28, 12", "7, 14", "7, 12", "3, 1"})
  void theRegressorGivesTheTeachersShape(int from, int to) {
    try (NDManager manager = Torch.newManager();
        MapRegressor regressor =
            new MapRegressor(new Shape(4, from, from), new Shape(6, to, to), true)) {
      regressor.initialise(manager, 1);
      try (TensorScope scope = TensorScope.training(manager, regressor)) {
        NDArray map = scope.manager().randomNormal(new Shape(2, 4, from, from));

        NDArray regressed = regressor.forward(map);

        scope.backward(regressed.square().mean());
        assertThat(regressed.getShape()).isEqualTo(new Shape(2, 6, to, to));
        regressor
            .weights()
            .forEach(
                (name, weight) -> {
                  if (weight.trainable()) {
                    assertThat(weight.array().getGradient().isNaN().any().getBoolean())
                        .as(name)
                        .isFalse();
                  }
                });
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "stage2; stage3; regressor none needs maps of one shape",
        "stage2; odd; needs square feature maps",
        "stage2; stage9; which offers"
      })
  void mapsThatCannotBeServedAreRefused(String student, String teacher, String why) {
    Map<String, Shape> taps =
        Map.of("stage2", new Shape(3, 4, 4), "stage3", new Shape(5, 2, 2), "odd", new Shape(10, 5));
    ChosenMethod method =
        ChosenMethod.of(
            RecordBinder.select(
                DistillationMethod.class,
                "fitnet",
                Yaml.json(
                    "{regressor: none, studentTap: '%s', teacherTap: '%s'}"
                        .formatted(student, teacher))));

    assertThatThrownBy(() -> method.check(new OutputShapes(6, 6, taps, taps, 0)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(why);
  }

  @Test
  void promptsAreNoPartOfTheMap() {
    Map<String, Shape> student = Map.of("last", new Shape(5, 3, 3));
    Map<String, Shape> teacher = Map.of("last", new Shape(12, 5));

    List<MapPair> pairs =
        MapPair.of(
            "fitnet",
            List.of("last"),
            List.of("last"),
            new OutputShapes(6, 6, student, teacher, 3));

    assertThat(pairs.get(0).teacher()).isEqualTo(new Shape(5, 3, 3));
  }
}
