package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Embedder;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.head.MarginHead;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRunTest {
  private static final TrainingSet FACES = new TinyFaces(4, 6);
  private static final String CAKD = "{locals: 16, width: 16, heads: 2}";

  private static final TrainingOptions THIRTY_STEPS =
      TinyOptions.of("{\"epochs\": 10, \"batchSize\": 8, \"logEvery\": 1, \"learningRate\": 0.01}");

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static Selected<DistillationMethod<?>> method(String key, String yaml) {
    return RecordBinder.select(DistillationMethod.class, key, json(yaml));
  }

  private static String json(String yaml) {
    return yaml.replaceAll("([A-Za-z]+):", "\"$1\":").replaceAll(": ([a-z][a-z-]*)", ": \"$1\"");
  }

  private static TrainingSetup setup(String options) {
    return TrainingSetup.of(
        new TinyStudent(16),
        TinyStudent.PREPROCESSING,
        FACES,
        TinyOptions.of(
            options.isEmpty()
                ? "{\"epochs\": 4, \"batchSize\": 8, \"logEvery\": 1, \"learningRate\": 0.01}"
                : options),
        3);
  }

  private static TrainingSetup setup(String key, NDManager manager) {
    return switch (key) {
      case "none" -> setup("");
      case "adaface" ->
          setup(
                  "{\"epochs\": 4, \"batchSize\": 8, \"logEvery\": 1, \"learningRate\": 0.01, \"identitySampleRate\": 0.25}")
              .head(RecordBinder.select(MarginHead.class, "adaface"));
      case "feature-consistency" ->
          setup("").method(method(key, "{}")).teacher(TinyTeacher.plain(manager));
      case "cakd" ->
          setup("").method(method(key, CAKD)).teacher(TinyTeacher.prompted(manager, true));
      default -> throw new IllegalArgumentException(key);
    };
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
      assertThat(result.adapters()).containsKeys("studentProjection", "field.queries");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"student-only", "both"})
  void theTeacherSideLearnsOnlyWhenGradientsReachIt(String gradient) throws Exception {
    String options = CAKD.replace("}", ", lamT: 0, aptGradient: " + gradient + "}");
    try (NDManager manager = Torch.newManager()) {
      LiveTeacher teacher = TinyTeacher.prompted(manager, true);
      Map<String, float[]> before = teacher.trainedPrompts().orElseThrow().save();

      TrainingResult result =
          TrainingRun.run(setup("").method(method("cakd", options)).teacher(teacher));

      boolean same =
          java.util.Arrays.equals(result.prompts().get("prompts.1"), before.get("prompts.1"));
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
              .validation(TrainingRunTest::spread)
              .options(
                  TinyOptions.of(
                      "{\"epochs\": 17, \"batchSize\": 8, \"logEvery\": 1, \"learningRate\": 0.01}")));
    }
    assertThat(counts).hasSize(51);
    assertThat(counts.subList(10, 51)).containsOnly(counts.get(10));
  }

  @Test
  void everyEpochIsValidated() throws Exception {
    RecordedHistory history = new RecordedHistory();

    TrainingRun.run(setup("").validation(TrainingRunTest::spread).listener(history));

    List<Double> spreads = history.values("validation/spread");
    assertThat(spreads)
        .hasSize(4)
        .doesNotHaveDuplicates()
        .allSatisfy(s -> assertThat(s).isPositive());
  }

  /** Squared distance of the embeddings of two identities. */
  private static Map<String, Double> spread(int epoch, Embedder student) {
    float[][] rows = student.embed(List.of(FACES.crop(0), FACES.crop(23)));
    double sum = 0;
    for (int i = 0; i < rows[0].length; i++) {
      sum += Math.pow(rows[0][i] - rows[1][i], 2);
    }
    return Map.of("spread", sum);
  }

  @Test
  void aNonFiniteLossNamesStepAndFacesAndKeepsTheCheckpoint() {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    for (int i = 0; i < FACES.size(); i++) {
      float[] values = new float[16];
      java.util.Arrays.fill(values, i == 11 ? Float.NaN : 1f);
      features.put(FACES.faceId(i), false, "embedding", new Shape(16), values);
    }
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingSetup setup =
        setup(
                "{\"epochs\": 1, \"batchSize\": 4, \"checkpointEvery\": 1, \"flip\": false, \"learningRate\": 0.01}")
            .method(method("l2", "{}"))
            .teacher(new CachedTeacher(features, 0))
            .checkpoints(store);

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOfSatisfying(
            NonFiniteLossException.class,
            e -> {
              assertThat(e.faceIds()).contains("face-11").hasSize(4);
              assertThat(e.getMessage()).contains("loss/feature", "step " + e.step());
              if (e.step() > 1) {
                assertThat(store.latest().orElseThrow().step()).isEqualTo(e.step() - 1);
              }
            });
  }

  @Test
  void weightsThatAreNotFiniteNeverReplaceACheckpoint() {
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingSetup setup =
        setup(
                """
                {"epochs": 9, "batchSize": 8, "checkpointEvery": 1, "learningRate": 100,
                 "weightDecay": 10, "clipNorm": 0}
                """)
            .checkpoints(store);

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOfSatisfying(
            NonFiniteLossException.class,
            e -> {
              assertThat(e.step()).isGreaterThan(1);
              assertThat(e.checkpointStep()).isEqualTo(e.step() - 1);
              assertThat(e.faceIds()).hasSize(8);
              CheckpointStore.Saved saved = store.latest().orElseThrow();
              assertThat(saved.step()).isEqualTo(e.checkpointStep());
              assertThat(Checkpoint.read(saved.bytes()).notFinite()).isEmpty();
            });
  }

  @Test
  void aFaceWithoutCachedFeaturesIsNamed() {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    features.put("face-0", false, "embedding", new Shape(16), new float[16]);
    TrainingSetup setup =
        setup("").method(method("l2", "{}")).teacher(new CachedTeacher(features, 0));

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(".*face-\\d+.*missing.*");
  }

  @Test
  void cachedAndLiveTeachersTeachTheSame() throws Exception {
    // At a high rate, rounding that differs between batch sizes would grow from step to step.
    String options = "{\"epochs\": 4, \"batchSize\": 8, \"logEvery\": 1, \"learningRate\": 1e-5}";
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
    String options =
        "{\"maxSteps\": 1, \"batchSize\": 16, \"logEvery\": 1, \"flip\": false, \"sampler\": %s}";
    RecordedHistory front = new RecordedHistory();
    RecordedHistory all = new RecordedHistory();

    TrainingRun.run(setup(options.formatted("\"half-balanced\"")).listener(front));
    TrainingRun.run(
        setup(options.formatted("{\"half-balanced\": {\"identityOnRandomHalf\": false}}"))
            .listener(all));

    assertThat(front.values("loss/identity")).hasSize(1).isNotEqualTo(all.values("loss/identity"));
  }

  @Test
  void aWarmStartBeginsAtTheGivenWeights() throws Exception {
    Map<String, float[]> initial = TrainingRun.run(setup("")).student();

    TrainingResult result =
        TrainingRun.run(
            setup("{\"epochs\": 1, \"batchSize\": 8, \"learningRate\": 1e-30, \"weightDecay\": 0}")
                .initial(initial));

    assertThat(result.student().get("first.weight")).isEqualTo(initial.get("first.weight"));
  }

  @Test
  void oneIdentityCannotBeTrained() {
    TrainingSetup setup =
        TrainingSetup.of(
            new TinyStudent(16),
            TinyStudent.PREPROCESSING,
            new TinyFaces(1, 4),
            TinyOptions.of("{}"),
            1);
    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("two identities");
  }

  @Test
  void aCheckpointOfAnotherRunIsRefused() throws Exception {
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingRun.run(setup("").checkpoints(store));
    TrainingSetup other =
        setup("{\"epochs\": 5, \"batchSize\": 8, \"learningRate\": 0.01}").checkpoints(store);

    assertThatThrownBy(() -> TrainingRun.run(other))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("other options");
  }

  @Test
  void aMethodWithoutItsTeacherIsRefused() {
    assertThatThrownBy(() -> TrainingRun.run(setup("").method(method("feature-consistency", "{}"))))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("needs a teacher");
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup constant =
          setup("").method(method("cakd", CAKD)).teacher(TinyTeacher.plain(manager));
      assertThatThrownBy(() -> TrainingRun.run(constant))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("prompt.mode: joint");
    }
  }

  @Test
  void historyHasEveryTermTheRateAndTheSpeed() throws Exception {
    List<String> names = new ArrayList<>();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(
          setup("cakd", manager)
              .teacherClassifier(new float[4 * 16])
              .listener(
                  new TrainingListener() {
                    @Override
                    public void logged(long step, long totalSteps, List<HistoryPoint> points) {
                      points.forEach(point -> names.add(point.name()));
                    }

                    @Override
                    public void warned(long step, String message) {}
                  })
              .options(
                  TinyOptions.of(
                      "{\"epochs\": 1, \"batchSize\": 8, \"logEvery\": 3, \"learningRate\": 0.01}")));
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "loss/identity",
            "loss/attention",
            "loss/local",
            "loss/teacher_identity",
            "loss/total",
            "grad_norm",
            "lr",
            "images_per_second");
  }

  @Test
  void aCheckpointIsToldOnceItIsSavedAndAfterTheHistoryOfItsStep() throws Exception {
    List<String> heard = new ArrayList<>();
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingRun.run(
        setup(
                "{\"epochs\": 4, \"batchSize\": 8, \"maxSteps\": 4, \"logEvery\": 2, \"checkpointEvery\": 3}")
            .checkpoints(store)
            .listener(
                new TrainingListener() {
                  @Override
                  public void logged(long step, long totalSteps, List<HistoryPoint> points) {
                    heard.add("logged " + step);
                  }

                  @Override
                  public void warned(long step, String message) {}

                  @Override
                  public void checkpointed(long step) {
                    assertThat(store.latest().orElseThrow().step()).isEqualTo(step);
                    heard.add("saved " + step);
                  }
                }));
    assertThat(heard).containsExactly("logged 2", "saved 3", "logged 4", "saved 4");
  }
}
