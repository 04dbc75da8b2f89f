package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trains a tiny convolutional student by unified distillation and head sharing. */
class UnifiedTrainingTest {
  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iled | loss/iled | {identityWeight: 0}",
        "iled | loss/iled | {identityWeight: 0, hardMining: topk, rhoStart: 0.5}",
        "rpsd | loss/rpsd | {identityWeight: 0, k: 4, capacity: 16}",
        "ukd | loss/total | {identityWeight: 0, k: 4, capacity: 16}",
        "th-kd | loss/teacher_head | {identityWeight: 0, thWeight: 0.1}",
        "sh-kd | loss/l2/feature | {identityWeight: 0}",
        "sum | loss/total | {methods: [{ukd: {k: 4}}, {th-kd: {}}], weights: [1, 0.5]}"
      })
  void lossFalls(String key, String loss, String options) throws Exception {
    float[] classifier = new float[4 * 16];
    for (int i = 0; i < classifier.length; i++) {
      classifier[i] = (float) Math.sin(1 + i);
    }
    RecordedHistory history = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(
          TinyRun.setup("{epochs: 20, batchSize: 8, logEvery: 3, learningRate: 0.01}")
              .method(RecordBinder.select(DistillationMethod.class, key, Yaml.json(options)))
              .teacher(TinyTeacher.plain(manager))
              .teacherClassifier(classifier)
              .listener(history));
    }

    List<Double> values = history.values(loss);
    assertThat(values).hasSize(20);
    assertThat(values.get(19)).isLessThan(0.9 * values.get(0));
  }
}
