package io.facet.models.train;

import static io.facet.models.train.TinyRun.CAKD;
import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static io.facet.models.train.TinyRun.setup;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import io.facet.models.train.teacher.LiveTeacher;
import io.facet.models.train.teacher.TeacherPass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRunTest {
  private static final TrainingOptions THIRTY_STEPS =
      TinyOptions.of("{epochs: 10, batchSize: 8, logEvery: 1, learningRate: 0.01}");

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "adaface", "feature-consistency", "cakd"})
  void resumesBitForBit(String key) throws Exception {
    List<NDManager> managers = new ArrayList<>();
    try {
      TrainingResult result =
          ResumeProof.of(
              () -> {
                managers.add(Torch.newManager());
                return setup(key, managers.get(managers.size() - 1)).options(THIRTY_STEPS);
              });
      assertThat(result.prompts().isEmpty()).isEqualTo(!key.equals("cakd"));
    } finally {
      managers.forEach(NDManager::close);
    }
  }

  @Test
  void aFinishedRunIsNotTrainedAgain() throws Exception {
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingResult first = TrainingRun.run(setup("").checkpoints(store));
    RecordedHistory again = new RecordedHistory();

    TrainingResult second = TrainingRun.run(setup("").checkpoints(store).listener(again));

    assertThat(again.points()).isEmpty();
    ResumeProof.assertSameBits(second.student(), first.student());
    assertThat(second.last()).isEqualTo(first.last()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"none,loss/identity", "feature-consistency,loss/feature", "cakd,loss/total"})
  void lossFalls(String key, String loss) throws Exception {
    RecordedHistory history = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup = setup(key, manager);
      if (key.equals("feature-consistency")) {
        setup.method(method(key, "{identityWeight: 0}"));
      }
      TrainingRun.run(setup.listener(history));
    }

    List<Double> values = history.values(loss);
    assertThat(values).hasSize(12);
    assertThat(values.get(11)).isLessThan(0.9 * values.get(0));
  }

  @Test
  void aJointRunTrainsThePrompts() throws Exception {
    try (NDManager manager = Torch.newManager()) {
      LiveTeacher teacher = TinyTeacher.prompted(manager, true);
      Map<String, float[]> before = teacher.trainedPrompts().orElseThrow().save();

      TrainingResult result =
          TrainingRun.run(setup("").method(method("cakd", CAKD)).teacher(teacher));

      assertThat(result.prompts().keySet()).containsExactlyInAnyOrder("prompts.0", "prompts.1");
      assertThat(result.prompts().get("prompts.0")).isNotEqualTo(before.get("prompts.0"));
      assertThat(result.adapters()).containsKeys("studentProjection", "shared.field.queries");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"student-only", "both"})
  void theTeacherSideLearnsOnlyWhenGradientsReachIt(String gradient) throws Exception {
    String options =
        CAKD.replace(
            "}",
            ", teacherIdentityWeight: 0, reconstructionWeight: 0, aptGradient: " + gradient + "}");
    try (NDManager manager = Torch.newManager()) {
      LiveTeacher teacher = TinyTeacher.prompted(manager, true);
      Map<String, float[]> before = teacher.trainedPrompts().orElseThrow().save();

      TrainingResult result =
          TrainingRun.run(setup("").method(method("cakd", options)).teacher(teacher));

      boolean same = Arrays.equals(result.prompts().get("prompts.1"), before.get("prompts.1"));
      assertThat(same).isEqualTo(gradient.equals("student-only"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"feature-consistency", "cakd"})
  void holdsNoMoreArraysAsStepsGoBy(String key) throws Exception {
    List<Integer> counts = new ArrayList<>();
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup = setup(key, manager);
      setup.teacher(
          new CountingTeacher(
              setup.teacher().orElseThrow(),
              root ->
                  counts.add(root.getManagedArrays().size() + manager.getManagedArrays().size())));
      TrainingRun.run(
          setup
              .validation(TinyRun::spread)
              .options(
                  TinyOptions.of("{epochs: 17, batchSize: 8, logEvery: 1, learningRate: 0.01}")));
    }
    assertThat(counts).hasSize(51);
    assertThat(counts.subList(10, 51)).containsOnly(counts.get(10));
  }

  @Test
  void cachedAndLiveTeachersTeachTheSame() throws Exception {
    // At a high rate, rounding that differs between batch sizes would grow from step to step.
    String options = "{epochs: 4, batchSize: 8, logEvery: 1, learningRate: 1.0e-5}";
    RecordedHistory live = new RecordedHistory();
    RecordedHistory cached = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      LiveTeacher teacher = TinyTeacher.plain(manager);
      InMemoryFeatures features = TeacherPass.all(teacher, FACES, 5);
      TrainingRun.run(
          setup(options)
              .method(method("feature-consistency", "{}"))
              .teacher(teacher)
              .listener(live));
      TrainingRun.run(
          setup(options)
              .method(method("feature-consistency", "{}"))
              .teacher(new CachedTeacher(features, 0))
              .listener(cached));
    }
    List<Double> expected = live.values("loss/feature");
    List<Double> actual = cached.values("loss/feature");
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i))
          .isCloseTo(expected.get(i), org.assertj.core.data.Offset.offset(1e-3));
    }
  }

  @Test
  void theIdentityTermLeavesOutTheBalancedHalf() throws Exception {
    String options = "{maxSteps: 1, batchSize: 16, logEvery: 1, flip: false, sampler: %s}";
    RecordedHistory front = new RecordedHistory();
    RecordedHistory all = new RecordedHistory();

    TrainingRun.run(setup(options.formatted("\"half-balanced\"")).listener(front));
    TrainingRun.run(
        setup(options.formatted("{half-balanced: {identityOnRandomHalf: false}}")).listener(all));

    assertThat(front.values("loss/identity")).hasSize(1).isNotEqualTo(all.values("loss/identity"));
  }

  @Test
  void aWarmStartBeginsAtTheGivenWeights() throws Exception {
    Map<String, float[]> initial = TrainingRun.run(setup("")).student();

    TrainingResult result =
        TrainingRun.run(
            setup("{epochs: 1, batchSize: 8, learningRate: 1.0e-30, weightDecay: 0}")
                .initial(initial));

    assertThat(result.student().get("first.weight")).isEqualTo(initial.get("first.weight"));
  }
}
