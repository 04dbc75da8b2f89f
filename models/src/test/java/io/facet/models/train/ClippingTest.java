package io.facet.models.train;

import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static io.facet.models.train.TinyRun.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which gradients {@code clipNorm} limits. */
class ClippingTest {
  private static final double RATE = 0.1;
  private static final double LIMIT = 0.001;

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  /** Length of the network's first step beside an adapter to a teacher of another width. */
  private static double step(String clip, RecordedHistory history) throws Exception {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    for (int i = 0; i < FACES.size(); i++) {
      float[] row = new float[20];
      for (int d = 0; d < row.length; d++) {
        row[d] = 1000 * (float) Math.sin(i + d);
      }
      features.put(FACES.faceId(i), false, CachedFeatures.EMBEDDING, new Shape(20), row);
    }
    TrainingSetup setup =
        setup(
                "{epochs: 1, batchSize: 24, flip: false, logEvery: 1, weightDecay: 0, learningRate: %s, %s}"
                    .formatted(RATE, clip))
            .method(method("l2", "{weight: 1}"))
            .teacher(new CachedTeacher(features, 0))
            .listener(history);
    return distance(start(), TrainingRun.run(setup).student());
  }

  private static Map<String, float[]> start() {
    try (NDManager manager = Torch.newManager();
        TinyStudent student = new TinyStudent(16)) {
      student.initialise(manager, SeededHash.seed(3, "student"));
      return student.save();
    }
  }

  private static double distance(Map<String, float[]> before, Map<String, float[]> after) {
    double square = 0;
    for (Map.Entry<String, float[]> entry : before.entrySet()) {
      if (!entry.getKey().contains("running")) {
        float[] other = after.get(entry.getKey());
        for (int i = 0; i < other.length; i++) {
          square += Math.pow(other[i] - entry.getValue()[i], 2);
        }
      }
    }
    return Math.sqrt(square);
  }

  @Test
  void theNetworksStepHasTheLimitedLengthHoweverLargeAnAdaptersGradientIs() throws Exception {
    RecordedHistory history = new RecordedHistory();

    double length = step("clipNorm: " + LIMIT, history);

    assertThat(length).isCloseTo(RATE * LIMIT, within(0.02 * RATE * LIMIT));
    assertThat(history.values("grad_norm/adapters").get(0)).isGreaterThan(1000 * LIMIT);
    assertThat(history.values("grad_norm").get(0)).isGreaterThan(LIMIT);
  }

  @Test
  void partsThatAreNotNamedAreLeftAsTheyAre() throws Exception {
    RecordedHistory history = new RecordedHistory();

    double length = step("clipNorm: %s, clipGroups: [adapters, head]".formatted(LIMIT), history);

    double norm = history.values("grad_norm").get(0);
    assertThat(length).isCloseTo(RATE * norm, within(0.02 * RATE * norm));
  }
}
