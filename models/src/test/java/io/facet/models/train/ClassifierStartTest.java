package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.facet.models.RecipeException;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.Torch;
import org.junit.jupiter.api.Test;

class ClassifierStartTest {
  private static final int CLASSES = 4;
  private static final int WIDTH = 16;

  @Test
  void aFrozenHeadStaysAndTheNetworkLearnsOnIt() throws Exception {
    float[] weights = weights(WIDTH);
    RecordedHistory history = new RecordedHistory();

    TrainingResult result =
        TrainingRun.run(setup().classifier(new ClassifierStart(weights, true)).listener(history));

    assertThat(result.classifier().orElseThrow()).isEqualTo(weights);
    assertThat(history.values("loss/identity").get(11))
        .isLessThan(history.values("loss/identity").get(0));
  }

  @Test
  void aGivenHeadIsTrainedFromThere() throws Exception {
    float[] weights = weights(WIDTH);

    float[] trained =
        TrainingRun.run(setup().classifier(new ClassifierStart(weights, false)))
            .classifier()
            .orElseThrow();

    assertThat(trained).isNotEqualTo(weights);
    for (int i = 0; i < weights.length; i++) {
      assertThat(trained[i]).isCloseTo(weights[i], within(0.5f));
    }
  }

  @Test
  void aMethodCopiesTheTeachersHead() throws Exception {
    float[] weights = weights(WIDTH);
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          setup()
              .method(method("th-kd", "{studentHead: copied}"))
              .teacher(TinyTeacher.plain(manager))
              .teacherClassifier(weights);

      assertThat(TrainingRun.run(setup).classifier().orElseThrow()).isEqualTo(weights);
    }
  }

  @Test
  void aHeadOfAnotherWidthIsRefused() {
    assertThatThrownBy(
            () -> TrainingRun.run(setup().classifier(new ClassifierStart(weights(8), true))))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("a head of 32 values cannot be shared: this network needs 64");
  }

  @Test
  void aMethodWithoutHeadHasNoPlaceForClassWeights() {
    TrainingSetup setup =
        setup()
            .method(method("sum", "{methods: [none], identityWeight: 0}"))
            .classifier(new ClassifierStart(weights(WIDTH), true));

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("method 'sum' has no head to give class weights to");
  }

  private static float[] weights(int width) {
    float[] weights = new float[CLASSES * width];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(1 + i);
    }
    return weights;
  }

  private static Selected<DistillationMethod<?>> method(String key, String options) {
    return RecordBinder.select(DistillationMethod.class, key, Yaml.json(options));
  }

  private static TrainingSetup setup() {
    return TrainingSetup.of(
        new TinyStudent(WIDTH),
        TinyStudent.PREPROCESSING,
        new TinyFaces(CLASSES, 6),
        TinyOptions.of(
            "{epochs: 4, batchSize: 8, logEvery: 1, learningRate: 0.01, headLearningRate: 0.001}"),
        3);
  }
}
