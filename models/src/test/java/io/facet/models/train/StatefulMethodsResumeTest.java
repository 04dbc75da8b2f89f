package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.Torch;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.data.TrainingSet;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 30 steps give the same bits as 17 steps, 3 that are lost in a kill and 13 more, for methods that
 * keep something from step to step. To add a method, add a line.
 */
class StatefulMethodsResumeTest {
  private static final int CLASSES = 4;
  private static final int TEACHER_WIDTH = 16;
  private static final int STUDENT_WIDTH = 12;
  private static final TrainingSet FACES = new TinyFaces(CLASSES, 6);

  /** Key and options as JSON. */
  static List<String> methods() {
    return List.of(
        "qud {queueSize: 50}",
        "ekd {newShare: 0.2, debias: true}",
        "ada-distill {}",
        "crd {negatives: 20, featureWidth: 8}",
        "iled {}",
        "rpsd {}",
        "ukd {}");
  }

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void resumesBitForBitAfterAKill(String method) throws Exception {
    RecordedHistory whole = new RecordedHistory();
    TrainingResult undisturbed = run(method, new MemoryCheckpoints(), whole);

    MemoryCheckpoints store = new MemoryCheckpoints();
    RecordedHistory killed =
        new RecordedHistory(
            step -> {
              if (step == 20) {
                throw new Killed();
              }
            });
    assertThatThrownBy(() -> run(method, store, killed)).isInstanceOf(Killed.class);
    assertThat(store.latest().orElseThrow().step()).isEqualTo(17);
    RecordedHistory rest = new RecordedHistory();
    TrainingResult resumed = run(method, store, rest);

    assertThat(undisturbed.steps()).isEqualTo(30);
    assertThat(resumed.steps()).isEqualTo(30);
    assertThat(rest.points()).isEqualTo(whole.after(17)).isNotEmpty();
    ResumeProof.assertSameBits(resumed.student(), undisturbed.student());
    ResumeProof.assertSameBits(resumed.adapters(), undisturbed.adapters());
  }

  /** A capped manager refuses whatever wants to outlive the step that made it. */
  @ParameterizedTest
  @MethodSource("methods")
  void leavesNoArrayBehindAStep(String method) throws Exception {
    TrainingResult result =
        run(method, new MemoryCheckpoints(), new RecordedHistory(), NDManager::cap);
    assertThat(result.steps()).isEqualTo(30);
  }

  private static TrainingResult run(String method, CheckpointStore store, TrainingListener listener)
      throws Exception {
    return run(method, store, listener, memory -> {});
  }

  private static TrainingResult run(
      String method, CheckpointStore store, TrainingListener listener, Consumer<NDManager> prepared)
      throws Exception {
    int space = method.indexOf(' ');
    try (NDManager manager = Torch.newManager()) {
      return TrainingRun.run(
          TrainingSetup.of(
                  new TinyStudent(STUDENT_WIDTH),
                  TinyStudent.PREPROCESSING,
                  FACES,
                  TinyOptions.of(
                      "{epochs: 10, batchSize: 8, logEvery: 1, checkpointEvery: 17, learningRate: 0.01}"),
                  3)
              .method(
                  RecordBinder.select(
                      DistillationMethod.class,
                      method.substring(0, space),
                      Yaml.json(method.substring(space + 1))))
              .teacher(TinyTeacher.plain(manager))
              .teacherClassifier(classifier())
              .checkpoints(store)
              .listener(listener),
          prepared);
    }
  }

  private static float[] classifier() {
    Random random = new Random(4);
    float[] values = new float[CLASSES * TEACHER_WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Stands for the end of the process: nothing is saved on the way out. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
