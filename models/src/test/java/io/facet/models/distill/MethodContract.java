package io.facet.models.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.CachedFeatures;
import io.facet.models.train.CachedTeacher;
import io.facet.models.train.CountingTeacher;
import io.facet.models.train.InMemoryFeatures;
import io.facet.models.train.ResumeProof;
import io.facet.models.train.TapStudent;
import io.facet.models.train.TeacherOutputs;
import io.facet.models.train.TinyFaces;
import io.facet.models.train.TinyOptions;
import io.facet.models.train.TinyStudent;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSet;
import io.facet.models.train.TrainingSetup;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold for every method that takes a constant teacher. Extend it with the method's key
 * and the options to try; override what differs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MethodContract {
  protected static final int WIDTH = 6;
  protected static final int CLASSES = 3;
  private static final Shape ONE = new Shape(WIDTH);

  private final String key;

  protected MethodContract(String key) {
    this.key = key;
  }

  /** Option sets to try, as JSON. */
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

  /** Whether no student can do better than one that equals its teacher. */
  protected boolean teacherIsMinimum(String options) {
    return true;
  }

  /** Whether neighbours in the batch are paired by their place. */
  protected boolean orderMatters() {
    return false;
  }

  /** The same under some of the {@link #options}. */
  protected boolean orderMatters(String options) {
    return orderMatters();
  }

  /** Adapters under which equal outputs of student and teacher stay equal. */
  protected Map<String, float[]> matching(Map<String, float[]> adapters) {
    return adapters;
  }

  /** Labels of a batch. */
  protected long[] labels(int batch) {
    long[] labels = new long[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = (i / 2) % CLASSES;
    }
    return labels;
  }

  /** Embeddings (name {@code ""}) and taps of one side, a row a sample. */
  protected record Side(Map<String, float[][]> rows) {
    float[][] embedding() {
      return rows.get("");
    }

    void clear(int row) {
      rows.values().forEach(values -> java.util.Arrays.fill(values[row], 0));
    }

    void copy(int row, Side from, int fromRow, float factor) {
      rows.forEach(
          (name, values) -> {
            float[] source = from.rows().get(name)[fromRow];
            for (int i = 0; i < source.length; i++) {
              values[row][i] = factor * source[i];
            }
          });
    }

    Side reversed() {
      Map<String, float[][]> other = new LinkedHashMap<>();
      rows.forEach(
          (name, values) -> {
            float[][] back = new float[values.length][];
            for (int i = 0; i < values.length; i++) {
              back[i] = values[values.length - 1 - i];
            }
            other.put(name, back);
          });
      return new Side(other);
    }

    Side moved(long seed) {
      Random random = new Random(seed);
      Map<String, float[][]> other = new LinkedHashMap<>();
      rows.forEach(
          (name, values) -> {
            float[][] near = new float[values.length][];
            for (int r = 0; r < values.length; r++) {
              near[r] = values[r].clone();
              for (int i = 0; i < near[r].length; i++) {
                near[r][i] += 0.3f * (float) random.nextGaussian();
              }
            }
            other.put(name, near);
          });
      return new Side(other);
    }
  }

  private Side random(int batch, long seed) {
    Random random = new Random(seed);
    Map<String, float[][]> all = new LinkedHashMap<>();
    shapes().forEach((name, shape) -> all.put(name, rows(random, batch, (int) shape.size())));
    return new Side(all);
  }

  private Map<String, Shape> shapes() {
    Map<String, Shape> all = new LinkedHashMap<>();
    all.put("", ONE);
    all.putAll(taps());
    return all;
  }

  private static float[][] rows(Random random, int batch, int width) {
    float[][] rows = new float[batch][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /** Total loss and the gradients of it by name of the output. */
  private record Outcome(double loss, Map<String, float[]> student, boolean teacherMoves) {}

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @MethodSource("options")
  void noGradientReachesAConstantTeacher(String options) {
    assertThat(evaluate(options, random(4, 1), random(4, 2), false).teacherMoves()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("options")
  void anIdenticalTeacherGivesTheMinimum(String options) {
    if (!teacherIsMinimum(options)) {
      return;
    }
    if (!teacherIsMinimum()) {
      return;
    }
    Side teacher = random(4, 2);
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
    Side student = random(4, 1);
    Side teacher = random(4, 2);
    student.clear(0);
    teacher.clear(0);
    student.clear(1);
    assertFinite(evaluate(options, student, teacher, false));
  }

  @ParameterizedTest
  @MethodSource("options")
  void duplicatesAndOppositesGiveFiniteLossAndGradient(String options) {
    Side student = random(4, 1);
    Side teacher = random(4, 2);
    student.copy(1, student, 0, 1);
    teacher.copy(1, student, 0, 1);
    teacher.copy(2, student, 2, -1);
    student.copy(3, student, 2, -1);
    assertFinite(evaluate(options, student, teacher, false));
  }

  @ParameterizedTest
  @MethodSource("options")
  void embeddingsOnTheirClassWeightsGiveFiniteLossAndGradient(String options) {
    Side student = random(4, 1);
    float[][] classes = classifier(3);
    for (int row = 0; row < 4; row++) {
      int label = (int) labels(4)[row];
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
    if (orderMatters(options)) {
      return;
    }
    Outcome forward = evaluate(options, random(4, 1), random(4, 2), false);
    Outcome backward =
        evaluate(options, random(4, 1).reversed(), random(4, 2).reversed(), false, true);

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

  private Outcome evaluate(String options, Side students, Side teachers, boolean same) {
    return evaluate(options, students, teachers, same, false);
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
    List<Integer> counts = new ArrayList<>();
    UnaryOperator<TeacherOutputs> counting =
        teacher -> new CountingTeacher(teacher, root -> counts.add(root.getManagedArrays().size()));
    TrainingRun.run(run(options, counting).get());
    // a method without teacher is not counted
    assertThat(counts.stream().skip(10).distinct().count()).isLessThanOrEqualTo(1);
  }

  /** Thirty steps of a tiny student with random cached teacher outputs. */
  private Supplier<TrainingSetup> run(String options, UnaryOperator<TeacherOutputs> teacher) {
    TrainingSet faces = new TinyFaces(CLASSES, 8);
    InMemoryFeatures features = new InMemoryFeatures(faces);
    Random random = new Random(9);
    shapes()
        .forEach(
            (name, shape) -> {
              String tap = name.isEmpty() ? CachedFeatures.EMBEDDING : name;
              for (int i = 0; i < faces.size(); i++) {
                for (boolean mirrored : new boolean[] {false, true}) {
                  float[] row = rows(random, 1, (int) shape.size())[0];
                  features.put(faces.faceId(i), mirrored, tap, shape, row);
                }
              }
            });
    float[] classifier = rows(random, 1, CLASSES * WIDTH)[0];
    float[] saliency = rows(random, 1, 9)[0];
    return () ->
        TrainingSetup.of(
                new TapStudent(WIDTH, taps()),
                TinyStudent.PREPROCESSING,
                faces,
                TinyOptions.of(
                    "{\"epochs\": 10, \"batchSize\": 8, \"logEvery\": 1, \"learningRate\": 1e-3}"),
                4)
            .method(
                RecordBinder.<DistillationMethod<?>>select(DistillationMethod.class, key, options))
            .teacher(teacher.apply(new CachedTeacher(features, 0)))
            .teacherClassifier(classifier)
            .saliency(saliency);
  }

  private Outcome evaluate(
      String options, Side students, Side teachers, boolean same, boolean reversed) {
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, key, options);
    ChosenMethod method = ChosenMethod.of(selected);
    try (NDManager manager = Torch.newManager();
        MethodSession session = method.open(setup(manager))) {
      session.initialise(manager, 11);
      if (same) {
        session.load(manager, matching(session.save()));
      }
      try (TensorScope scope = TensorScope.training(manager, session)) {
        Map<String, NDArray> student = arrays(scope, students);
        Map<String, NDArray> teacher = arrays(scope, teachers);
        NDArray classes = array(scope, classifier(same ? 4 : 3), ONE);
        int batch = students.embedding().length;
        long[] indices = new long[batch];
        for (int i = 0; i < batch; i++) {
          indices[i] = reversed ? batch - 1 - i : i;
        }
        long[] labels = labels(batch);
        if (reversed) {
          for (int i = 0; i < batch / 2; i++) {
            long label = labels[i];
            labels[i] = labels[batch - 1 - i];
            labels[batch - 1 - i] = label;
          }
        }
        StepInputs inputs =
            new StepInputs(
                features(student),
                features(teacher),
                scope.manager().create(labels),
                scope.manager().create(indices),
                classes,
                0,
                10,
                5);
        // Everything takes part with nothing, so that every gradient exists.
        NDArray total = classes.sum().mul(0f);
        for (NDArray part : student.values()) {
          total = total.add(part.sum().mul(0f));
        }
        for (NDArray part : teacher.values()) {
          total = total.add(part.sum().mul(0f));
        }
        for (TermLosses.Term term : session.losses(inputs).terms().values()) {
          total = total.add(term.value().mul((float) term.weight()));
        }
        scope.backward(total);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        student.forEach((name, a) -> gradients.put(name, a.getGradient().toFloatArray()));
        return new Outcome(
            total.getFloat(), gradients, teacher.values().stream().anyMatch(MethodContract::moves));
      }
    }
  }

  private static Features features(Map<String, NDArray> side) {
    Map<String, NDArray> taps = new LinkedHashMap<>(side);
    return new Features(taps.remove(""), taps);
  }

  private Map<String, NDArray> arrays(TensorScope scope, Side side) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    shapes().forEach((name, shape) -> arrays.put(name, array(scope, side.rows().get(name), shape)));
    return arrays;
  }

  /** Class weights of the teacher (seed 4) or of the student's head. */
  private static float[][] classifier(long seed) {
    return rows(new Random(seed), CLASSES, WIDTH);
  }

  private MethodSetup setup(NDManager manager) {
    float[] saliency = {0, 0.1f, 0.2f, 0.4f, 1, 0.4f, 0.3f, 0.2f, 0.1f};
    FloatBuffer classes = FloatBuffer.allocate(CLASSES * WIDTH);
    for (float[] row : classifier(4)) {
      classes.put(row);
    }
    return new MethodSetup(
        manager,
        1,
        CLASSES,
        WIDTH,
        WIDTH,
        taps(),
        taps(),
        Optional.of(classes.array()),
        Optional.of(saliency),
        0,
        100,
        sample -> (int) labels(100)[sample]);
  }

  private static NDArray array(TensorScope scope, float[][] rows, Shape one) {
    FloatBuffer values = FloatBuffer.allocate((int) (rows.length * one.size()));
    for (float[] row : rows) {
      values.put(row);
    }
    NDArray array = Torch.array(scope.manager(), values.flip(), new Shape(rows.length).addAll(one));
    array.setRequiresGradient(true);
    return array;
  }

  private static boolean moves(NDArray array) {
    for (float value : array.getGradient().toFloatArray()) {
      if (value != 0) {
        return true;
      }
    }
    return false;
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
