package io.facet.models.train;

import static io.facet.models.train.TinyRun.FACES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.embed.Embedder;
import io.facet.models.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Averages, early stops, best epochs, frozen parts, accumulated gradients. */
class EpochChoiceTest {
  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static TrainingSetup setup(String more) {
    return TinyRun.setup(
        "{epochs: 10, batchSize: 8, logEvery: 1, learningRate: 0.01%s}"
            .formatted(more.isEmpty() ? "" : ", " + more));
  }

  /** A validation whose figures are given, from the first epoch on. */
  private static EpochValidation course(double... accuracies) {
    return (epoch, student) -> Map.of("accuracy", accuracies[epoch - 1]);
  }

  private static final double[] RISES_AND_FALLS = {1, 3, 2, 3, 2, 2, 2, 2, 2, 2};

  @Test
  void everyOptionTogetherResumesBitForBit() throws Exception {
    TrainingResult result =
        ResumeProof.of(
            () ->
                setup(
                        """
                        accumulate: 2, epochs: 20, batchSize: 4, maxSteps: 30,
                        sampler: {balanced: {crops: 2}},
                        averaging: {decay: 0.8},
                        stopping: {keep: best, metric: spread, patience: 20},
                        freezing: {layers: [first], statistics: true},
                        headLearningRate: 0.02,
                        augment: [crop, {blur: {probability: 0.5}}]
                        """)
                    .validation(EpochChoiceTest::spread));
    assertThat(result.epoch()).isBetween(1, 20);
  }

  /** A second figure beside the one that is asked for. */
  private static Map<String, Double> spread(int epoch, Embedder student) {
    Map<String, Double> figures = new TreeMap<>(TinyRun.spread(epoch, student));
    figures.put("accuracy", 0.5);
    return figures;
  }

  @Test
  void theFirstOfTheBestEpochsIsKept() throws Exception {
    TrainingResult second = TrainingRun.run(setup("maxSteps: 6, schedule: constant"));
    RecordedHistory history = new RecordedHistory();

    TrainingResult best =
        TrainingRun.run(
            setup("stopping: {keep: best}, schedule: constant")
                .validation(course(RISES_AND_FALLS))
                .listener(history));

    assertThat(best.epoch()).isEqualTo(2);
    assertThat(best.steps()).isEqualTo(30);
    assertThat(history.values("kept_epoch")).containsExactly(2.0);
    ResumeProof.assertSameBits(best.student(), second.student());
    assertThat(best.classifier().orElseThrow()).isEqualTo(second.classifier().orElseThrow());
  }

  @Test
  void trainingEndsWhenPatienceDoes() throws Exception {
    MemoryCheckpoints store = new MemoryCheckpoints();
    RecordedHistory history = new RecordedHistory();

    TrainingResult result =
        TrainingRun.run(
            setup("stopping: {patience: 3}")
                .validation(course(RISES_AND_FALLS))
                .checkpoints(store)
                .listener(history));

    assertThat(result.steps()).isEqualTo(15);
    assertThat(result.epoch()).as("the last is kept").isEqualTo(5);
    assertThat(history.values("validation/accuracy")).hasSize(5);
    RecordedHistory again = new RecordedHistory();
    TrainingRun.run(
        setup("stopping: {patience: 3}")
            .validation(course(RISES_AND_FALLS))
            .checkpoints(store)
            .listener(again));
    assertThat(again.points()).as("it stays ended").isEmpty();
  }

  @Test
  void aChoiceNeedsAValidationAndAFigureItMeasures() {
    assertThatThrownBy(() -> TrainingRun.run(setup("stopping: {patience: 3}")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("data.validation.share");
    assertThatThrownBy(
            () ->
                TrainingRun.run(
                    setup("stopping: {keep: best, metric: luck}").validation(course(1))))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("luck")
        .hasMessageContaining("accuracy");
  }

  @Test
  void theAverageIsWhatIsValidatedAndKept() throws Exception {
    List<float[]> seen = new ArrayList<>();
    EpochValidation watcher =
        (epoch, student) -> {
          seen.add(student.embed(List.of(FACES.crop(0)))[0]);
          return Map.of("accuracy", 1.0);
        };
    TrainingResult plain = TrainingRun.run(setup("maxSteps: 3"));
    TrainingResult averaged =
        TrainingRun.run(setup("maxSteps: 3, averaging: {}").validation(watcher));

    assertThat(averaged.student().get("head.weight"))
        .isNotEqualTo(plain.student().get("head.weight"));
    assertThat(seen).hasSize(1);
    List<float[]> kept = new ArrayList<>();
    TrainingRun.run(
        setup("maxSteps: 1, learningRate: 1.0e-30, freezing: {statistics: true}")
            .initial(averaged.student())
            .validation(
                (epoch, student) -> {
                  kept.add(student.embed(List.of(FACES.crop(0)))[0]);
                  return Map.of();
                }));
    assertThat(kept.get(0)).isEqualTo(seen.get(0));
  }

  @Test
  void theAverageFollowsItsFormula() throws Exception {
    Map<String, float[]> start =
        TrainingRun.run(setup("maxSteps: 1, learningRate: 1.0e-30")).student();
    Map<String, float[]> one = TrainingRun.run(setup("maxSteps: 1")).student();
    Map<String, float[]> average = TrainingRun.run(setup("maxSteps: 1, averaging: {}")).student();

    double decay = 2.0 / 11;
    float[] values = average.get("head.weight");
    for (int i = 0; i < values.length; i++) {
      double expected =
          decay * start.get("head.weight")[i] + (1 - decay) * one.get("head.weight")[i];
      assertThat((double) values[i]).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-6));
    }
  }

  @Test
  void frozenPartsStayToTheLastBit() throws Exception {
    Map<String, float[]> start =
        TrainingRun.run(setup("maxSteps: 1, learningRate: 1.0e-30, weightDecay: 0")).student();
    Map<String, float[]> early =
        TrainingRun.run(setup("freezing: {layers: [first, norm]}").initial(start)).student();
    Map<String, float[]> statistics =
        TrainingRun.run(setup("freezing: {statistics: true}").initial(start)).student();

    for (String name : List.of("first.weight", "norm.weight", "norm.running_mean")) {
      assertThat(early.get(name)).as(name).isEqualTo(start.get(name));
    }
    assertThat(early.get("second.weight")).isNotEqualTo(start.get("second.weight"));
    assertThat(statistics.get("norm.running_var")).isEqualTo(start.get("norm.running_var"));
    assertThat(statistics.get("norm.weight")).isNotEqualTo(start.get("norm.weight"));
  }

  @Test
  void anUnknownLayerToFreezeIsNamed() {
    assertThatThrownBy(() -> TrainingRun.run(setup("freezing: {layers: [stem]}")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("'stem'")
        .hasMessageContaining("activation, first, head, norm, second");
  }

  @Test
  void accumulatedGradientsAreThoseOfOneLargeBatch() throws Exception {
    String frozen = "freezing: {statistics: true}, maxSteps: 1, epochs: 1";
    TrainingResult small = TrainingRun.run(setup(frozen + ", batchSize: 6, accumulate: 4"));
    TrainingResult large = TrainingRun.run(setup(frozen + ", batchSize: 24"));

    float[] expected = large.student().get("head.weight");
    float[] actual = small.student().get("head.weight");
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-6f));
    }
  }

  @Test
  void moreBatchesAStepThanAnEpochHasAreAllOfThem() throws Exception {
    assertThat(TrainingRun.run(setup("accumulate: 100")).steps()).isEqualTo(10);
  }
}
