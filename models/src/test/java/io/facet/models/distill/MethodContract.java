package io.facet.models.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.Shape;
import io.facet.models.FakeDevice;
import io.facet.models.distill.MethodTrial.Outcome;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.Torch;
import io.facet.models.train.CountingTeacher;
import io.facet.models.train.DeviceProof;
import io.facet.models.train.ResumeProof;
import io.facet.models.train.TapStudent;
import io.facet.models.train.TinyFaces;
import io.facet.models.train.TinyOptions;
import io.facet.models.train.TinyStudent;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold for every method that takes a constant teacher. Extend it with the method's key
 * and the options to try; override what differs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MethodContract {
  protected static final int WIDTH = MethodTrial.WIDTH;
  protected static final int CLASSES = MethodTrial.CLASSES;

  private final String key;

  protected MethodContract(String key) {
    this.key = key;
  }

  /** Option sets to try, as recipes write them: {@code {weight: 0.5}}. */
  protected List<String> options() {
    return List.of("{}");
  }

  /** Shapes of the taps without the batch axis, the same for student and teacher. */
  protected Map<String, Shape> taps() {
    return Map.of("last", new Shape(9, 5));
  }

  /** Whether a student that equals its teacher has no loss at all. */
  protected boolean minimumIsZero() {
    return true;
  }

  /**
   * Whether the loss is least where the student equals its teacher; identities decide otherwise.
   */
  protected boolean teacherIsMinimum() {
    return true;
  }

  /** The same under some of the {@link #options}. */
  protected boolean teacherIsMinimum(String options) {
    return teacherIsMinimum();
  }

  /** Whether neighbours in the batch are paired by their place. */
  protected boolean orderMatters() {
    return false;
  }

  /** The same under some of the {@link #options}. */
  protected boolean orderMatters(String options) {
    return orderMatters();
  }

  /**
   * How often a method reads from the device in ten steps: one that mines or chooses in Java does
   * in each.
   */
  protected int waitsInTenSteps(String options) {
    return 0;
  }

  /** Adapters under which equal outputs of student and teacher stay equal. */
  protected Map<String, float[]> matching(Map<String, float[]> adapters) {
    return adapters;
  }

  private Selected<DistillationMethod<?>> selected(String options) {
    return RecordBinder.select(DistillationMethod.class, key, Yaml.json(options));
  }

  private MethodTrial trial() {
    return new MethodTrial(key, taps(), this::matching);
  }

  private TrialOutputs random(int batch, long seed) {
    return TrialOutputs.random(trial().shapes(), batch, seed);
  }

  private Outcome evaluate(
      String options, TrialOutputs students, TrialOutputs teachers, boolean same) {
    return trial().run(options, students, teachers, same, false);
  }

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @MethodSource("options")
  void noGradientReachesAConstantTeacher(String options) {
    assertThat(evaluate(options, random(4, 1), random(4, 2), false).teacherMoves())
        .as("a gradient reaches the teacher: call stopGradient() on what comes from it")
        .isFalse();
  }

  @ParameterizedTest
  @MethodSource("options")
  void anIdenticalTeacherGivesTheMinimum(String options) {
    assumeTrue(teacherIsMinimum(options), "a student may do better than its teacher");
    TrialOutputs teacher = random(4, 2);
    Outcome same = evaluate(options, teacher, teacher, true);

    for (long seed = 1; seed <= 5; seed++) {
      assertThat(evaluate(options, teacher.moved(seed), teacher, true).loss())
          .isGreaterThan(same.loss() - 1e-5);
    }
    if (minimumIsZero()) {
      assertThat(same.loss()).isCloseTo(0, within(1e-5));
      same.student()
          .forEach(
              (name, gradient) -> {
                for (float value : gradient) {
                  assertThat(value).as(name).isCloseTo(0f, within(1e-4f));
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void zeroVectorsGiveFiniteLossAndGradient(String options) {
    TrialOutputs student = random(4, 1);
    TrialOutputs teacher = random(4, 2);
    student.clear(0);
    teacher.clear(0);
    student.clear(1);
    assertFinite(evaluate(options, student, teacher, false));
  }

  @ParameterizedTest
  @MethodSource("options")
  void duplicatesAndOppositesGiveFiniteLossAndGradient(String options) {
    TrialOutputs student = random(4, 1);
    TrialOutputs teacher = random(4, 2);
    student.copy(1, student, 0, 1);
    teacher.copy(1, student, 0, 1);
    teacher.copy(2, student, 2, -1);
    student.copy(3, student, 2, -1);
    assertFinite(evaluate(options, student, teacher, false));
  }

  @ParameterizedTest
  @MethodSource("options")
  void embeddingsOnTheirClassWeightsGiveFiniteLossAndGradient(String options) {
    TrialOutputs student = random(4, 1);
    float[][] classes = MethodTrial.classWeights(false);
    for (int row = 0; row < 4; row++) {
      int label = (int) MethodTrial.labels(4)[row];
      for (int i = 0; i < WIDTH; i++) {
        student.embedding()[row][i] = (row % 2 == 0 ? 2 : -2) * classes[label][i];
      }
    }
    assertFinite(evaluate(options, student, random(4, 2), false));
  }

  @ParameterizedTest
  @MethodSource("options")
  void aBatchOfOneGivesFiniteLossAndGradient(String options) {
    assertFinite(evaluate(options, random(1, 1), random(1, 2), false));
  }

  @ParameterizedTest
  @MethodSource("options")
  void theOrderOfTheBatchDoesNotMatter(String options) {
    assumeFalse(orderMatters(options), "samples are paired by their place");
    Outcome forward = evaluate(options, random(4, 1), random(4, 2), false);
    Outcome backward =
        trial().run(options, random(4, 1).reversed(), random(4, 2).reversed(), false, true);

    assertThat(backward.loss()).isCloseTo(forward.loss(), within(1e-4));
    float[] there = forward.student().get("");
    float[] back = backward.student().get("");
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < WIDTH; i++) {
        assertThat(back[(3 - row) * WIDTH + i])
            .isCloseTo(
                there[row * WIDTH + i], within(1e-4f + 1e-3f * Math.abs(there[row * WIDTH + i])));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void aStoppedRunResumesBitForBit(String options) throws Exception {
    Torch.setThreads(1);
    ResumeProof.of(run(options, teacher -> teacher));
  }

  @ParameterizedTest
  @MethodSource("options")
  void holdsNoMoreArraysAsStepsGoBy(String options) throws Exception {
    assumeTrue(
        ChosenMethod.of(selected(options)).needs().teacher() != MethodNeeds.Teacher.NONE,
        "steps are counted by the teacher");
    List<Integer> counts = new ArrayList<>();
    UnaryOperator<TeacherOutputs> counting =
        teacher -> new CountingTeacher(teacher, root -> counts.add(root.getManagedArrays().size()));
    TrainingRun.run(run(options, counting).get());
    assertThat(counts).hasSize(ResumeProof.STEPS);
    assertThat(counts.stream().skip(10).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("options")
  @Tag(FakeDevice.TAG)
  @EnabledIfEnvironmentVariable(named = FakeDevice.LIBRARY, matches = ".+")
  void trainsOnAnotherDeviceAsOnTheHost(String options) throws Exception {
    FakeDevice.Counts counts = DeviceProof.of(run(options, teacher -> teacher, DeviceProof.LINE));
    assertThat(counts.waits())
        .as("waits in %d steps, one of them to write a line of history", DeviceProof.LINE)
        .isLessThanOrEqualTo(1 + waitsInTenSteps(options));
    assertThat(counts.uploads())
        .as("uploads in %d steps", DeviceProof.LINE)
        .isLessThanOrEqualTo(30L * DeviceProof.LINE);
  }

  /** Thirty steps of a tiny student with random cached teacher outputs. */
  private Supplier<TrainingSetup> run(String options, UnaryOperator<TeacherOutputs> teacher) {
    return run(options, teacher, 1);
  }

  private Supplier<TrainingSetup> run(
      String options, UnaryOperator<TeacherOutputs> teacher, int logEvery) {
    TrainingSet faces = new TinyFaces(CLASSES, 8);
    InMemoryFeatures features = new InMemoryFeatures(faces);
    Random random = new Random(9);
    trial()
        .shapes()
        .forEach(
            (name, shape) -> {
              String tap = name.isEmpty() ? CachedFeatures.EMBEDDING : name;
              for (int i = 0; i < faces.size(); i++) {
                for (boolean mirrored : new boolean[] {false, true}) {
                  float[] row = TrialOutputs.rows(random, 1, (int) shape.size())[0];
                  features.put(faces.faceId(i), mirrored, tap, shape, row);
                }
              }
            });
    float[] classifier = TrialOutputs.rows(random, 1, CLASSES * WIDTH)[0];
    float[] saliency = TrialOutputs.rows(random, 1, 9)[0];
    return () ->
        TrainingSetup.of(
                new TapStudent(WIDTH, taps()),
                TinyStudent.PREPROCESSING,
                faces,
                TinyOptions.of(
                    "{epochs: 10, batchSize: 8, logEvery: %d, learningRate: 1.0e-3}"
                        .formatted(logEvery)),
                4)
            .method(selected(options))
            .teacher(teacher.apply(new CachedTeacher(features, 0)))
            .teacherClassifier(classifier)
            .saliency(saliency);
  }

  private static void assertFinite(Outcome outcome) {
    assertThat(outcome.loss()).isFinite();
    outcome
        .student()
        .forEach(
            (name, gradient) -> {
              for (float value : gradient) {
                assertThat(value).as(name).isFinite();
                assertThat(Math.abs(value)).as(name).isLessThan(1e5f);
              }
            });
  }
}
