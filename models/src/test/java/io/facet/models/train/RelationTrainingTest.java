package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trains a tiny convolutional student by classic methods from a tiny transformer. */
class RelationTrainingTest {
  private static final String LAST = "studentTap: last, teacherTap: last, ";
  private static final String LASTS = "studentTaps: [last], teacherTaps: [last], ";

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @CsvSource({
    "kd, kd",
    "fitnet, hint",
    "at, attention",
    "vid, information",
    "sp, similarity",
    "cc, correlation",
    "rkd, angle",
    "pkt, pkt",
    "darkrank, rank"
  })
  void lossFalls(String key, String loss) throws Exception {
    String taps = key.equals("fitnet") ? LAST : key.matches("at|vid") ? LASTS : "";
    String options = "{" + taps + "identityWeight: " + (key.equals("kd") ? "0.1" : "0") + "}";
    RecordedHistory history = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(
          TinyRun.setup(
                  "{epochs: 20, batchSize: 8, logEvery: 3, learningRate: 0.01, adapterLearningRate: 0.01}")
              .method(RecordBinder.select(DistillationMethod.class, key, Yaml.json(options)))
              .teacher(TinyTeacher.plain(manager))
              .teacherClassifier(classifier())
              .listener(history));
    }

    List<Double> values = history.values("loss/" + loss);
    assertThat(values).hasSize(20);
    assertThat(values.get(19)).isLessThan(0.98 * values.get(0));
  }

  private static float[] classifier() {
    Random random = new Random(8);
    float[] weights = new float[4 * 16];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }
}
