package io.facet.models.train;

import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.Torch;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterStartTest {
  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static TrainingSetup setup(NDManager manager, String key, String adapter) {
    return TrainingSetup.of(
            new TinyStudent(12),
            TinyStudent.PREPROCESSING,
            FACES,
            TinyOptions.of(
                "{epochs: 4, batchSize: 24, logEvery: 1, learningRate: 0.001, flip: false}"),
            3)
        .method(method(key, "{identityWeight: 0, adapter: " + adapter + "}"))
        .teacher(TinyTeacher.plain(manager));
  }

  /** Weights of a student that was trained before. */
  private static Map<String, float[]> trained() throws Exception {
    return TrainingRun.run(
            TrainingSetup.of(
                new TinyStudent(12),
                TinyStudent.PREPROCESSING,
                FACES,
                TinyOptions.of("{epochs: 10, batchSize: 8, learningRate: 0.01}"),
                5))
        .student();
  }

  private static double firstLoss(TrainingSetup setup) throws Exception {
    RecordedHistory history = new RecordedHistory();
    TrainingRun.run(setup.listener(history));
    return history.values("loss/total").get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"feature-consistency", "l2", "iled", "coupleface"})
  void aWarmStudentStartsFromTheRegression(String key) throws Exception {
    Map<String, float[]> start = trained();
    try (NDManager manager = Torch.newManager()) {
      double regression = firstLoss(setup(manager, key, "{}").initial(start));
      double random = firstLoss(setup(manager, key, "{start: random}").initial(start));

      assertThat(regression).isLessThan(random / 2);
    }
  }

  @Test
  void aStudentFromNothingStartsAtRandomUnlessTold() throws Exception {
    try (NDManager manager = Torch.newManager()) {
      double absent = firstLoss(setup(manager, "feature-consistency", "{}"));
      double random = firstLoss(setup(manager, "feature-consistency", "{start: random}"));
      double regression = firstLoss(setup(manager, "feature-consistency", "{start: regression}"));

      assertThat(absent).isEqualTo(random);
      assertThat(regression).isLessThan(random / 2);
    }
  }

  @Test
  void resumingKeepsTheMapThatTheRegressionGave() throws Exception {
    try (NDManager one = Torch.newManager()) {
      ResumeProof.of(
          () ->
              setup(one, "feature-consistency", "{start: regression}")
                  .options(
                      TinyOptions.of(
                          "{epochs: 30, batchSize: 24, logEvery: 1, learningRate: 0.001}")));
    }
  }

  @Test
  void equalWidthsGetAMapWhereAskedFor() throws Exception {
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          TinyRun.setup("")
              .method(method("feature-consistency", "{adapter: {use: always}}"))
              .teacher(TinyTeacher.plain(manager));

      assertThat(TrainingRun.run(setup).adapters()).containsKey("adapter.weight");
    }
  }
}
