package io.facet.models.train;

import static io.facet.models.train.TinyRun.method;
import static io.facet.models.train.TinyRun.setup;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.onnx.LearntRanges;
import io.facet.models.quantise.QuantisationOptions;
import io.facet.models.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantisedTrainingTest {
  private static final QuantisationOptions INT8 = new QuantisationOptions(7, 10, 99.9);
  private static final String THIRTY_STEPS =
      "{epochs: 10, batchSize: 8, logEvery: 1, learningRate: 0.01, averaging: {decay: 0.9}%s}";

  private static Map<String, float[]> trained;

  @BeforeAll
  static void trainInFloat32() throws Exception {
    Torch.setThreads(1);
    trained = TrainingRun.run(setup("")).student();
  }

  /** Stopped while the ranges move, and after; with the best epoch's ranges kept. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "feature-consistency | 10 | ''",
        "feature-consistency | 25 | ''",
        "none | 25 | ', stopping: {keep: best, metric: spread}'",
      })
  void resumesBitForBit(String method, int rangeBatches, String stopping) throws Exception {
    List<NDManager> managers = new ArrayList<>();
    try {
      TrainingResult result =
          ResumeProof.of(
              () -> {
                managers.add(Torch.newManager());
                return setup(method, managers.get(managers.size() - 1))
                    .initial(trained)
                    .quantisation(new QuantisationOptions(7, rangeBatches, 99.9))
                    .validation(TinyRun::spread)
                    .options(TinyOptions.of(THIRTY_STEPS.formatted(stopping)));
              });
      LearntRanges ranges = result.ranges().orElseThrow();
      assertThat(ranges.weightBits()).isEqualTo(7);
      assertThat(ranges.values()).contains("images").hasSameSizeAs(ranges.low());
    } finally {
      managers.forEach(NDManager::close);
    }
  }

  @Test
  void aStudentThatRoundsItsNumbersLearns() throws Exception {
    RecordedHistory history = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(
          setup("feature-consistency", manager)
              .method(method("feature-consistency", "{identityWeight: 0}"))
              .initial(trained)
              .quantisation(INT8)
              .listener(history));
    }
    List<Double> losses = history.values("loss/feature");
    assertThat(losses).hasSize(12);
    assertThat(losses.get(11)).isLessThan(0.95 * losses.get(0));
  }

  @Test
  void withoutQuantisationThereAreNoRanges() throws Exception {
    assertThat(TrainingRun.run(setup("")).ranges()).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherQuantisationIsRefused() {
    assertThat(setup("").quantisation(INT8).identity()).isNotEqualTo(setup("").identity());
  }

  @Test
  void holdsNoMoreArraysAsStepsGoBy() throws Exception {
    List<Integer> counts = new ArrayList<>();
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup = setup("feature-consistency", manager);
      setup.teacher(
          new CountingTeacher(
              setup.teacher().orElseThrow(),
              root ->
                  counts.add(root.getManagedArrays().size() + manager.getManagedArrays().size())));
      TrainingRun.run(setup.initial(trained).quantisation(INT8).validation(TinyRun::spread));
    }
    assertThat(counts).hasSize(12);
    assertThat(counts.subList(4, 12)).containsOnly(counts.get(4));
  }
}
