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
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every method: student and teacher of equal shapes, a constant teacher. */
class MethodPropertiesTest {
  private static final int WIDTH = 6;
  private static final Shape TAP = new Shape(9, 5);
  private static final String CAKD =
      "{\"locals\": 9, \"width\": 8, \"heads\": 2, \"prompts\": \"staged\", %s}";

  static Stream<Arguments> methods() {
    return Stream.of(
        Arguments.of("feature-consistency", "{}"),
        Arguments.of("feature-consistency", "{\"form\": \"cos\"}"),
        Arguments.of("l2", "{}"),
        Arguments.of("cakd", CAKD.formatted("\"pePlacement\": \"query\"")),
        Arguments.of("cakd", CAKD.formatted("\"pePlacement\": \"key\"")),
        Arguments.of("cakd", CAKD.formatted("\"faceDistance\": \"sd\", \"anchor\": \"nose\"")),
        Arguments.of("cakd", CAKD.formatted("\"faceDistance\": \"none\"")));
  }

  /** Embeddings and taps of both sides, row by row. */
  private record Sides(
      float[][] student, float[][] studentTap, float[][] teacher, float[][] teacherTap) {
    static Sides random(int batch) {
      Random random = new Random(7);
      return new Sides(
          rows(random, batch, WIDTH),
          rows(random, batch, (int) TAP.size()),
          rows(random, batch, WIDTH),
          rows(random, batch, (int) TAP.size()));
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

    Sides identical() {
      return new Sides(teacher, teacherTap, teacher, teacherTap);
    }

    Sides reversed() {
      return new Sides(
          reversed(student), reversed(studentTap), reversed(teacher), reversed(teacherTap));
    }

    private static float[][] reversed(float[][] rows) {
      float[][] reversed = new float[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        reversed[i] = rows[rows.length - 1 - i];
      }
      return reversed;
    }
  }

  /** Total loss and the gradients of it. */
  private record Outcome(double loss, float[] student, float[] studentTap, boolean teacherMoves) {}

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noGradientReachesAConstantTeacher(String key, String options) {
    assertThat(evaluate(key, options, Sides.random(4), false).teacherMoves()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void anIdenticalTeacherGivesTheMinimum(String key, String options) {
    Outcome same = evaluate(key, options, Sides.random(4).identical(), true);
    Outcome other = evaluate(key, options, Sides.random(4), true);

    assertThat(same.loss()).isCloseTo(0, within(1e-6));
    assertThat(other.loss()).isGreaterThan(1e-4);
    assertSmall(same.student());
    assertSmall(same.studentTap());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void zeroVectorsGiveFiniteLossAndGradient(String key, String options) {
    Sides sides = Sides.random(3);
    java.util.Arrays.fill(sides.student()[0], 0);
    java.util.Arrays.fill(sides.teacher()[0], 0);
    java.util.Arrays.fill(sides.student()[1], 0);
    java.util.Arrays.fill(sides.studentTap()[0], 0);
    java.util.Arrays.fill(sides.teacherTap()[0], 0);
    assertFinite(evaluate(key, options, sides, false));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void duplicatesAndOppositesGiveFiniteLossAndGradient(String key, String options) {
    Sides sides = Sides.random(3);
    sides.student()[1] = sides.student()[0].clone();
    sides.studentTap()[1] = sides.studentTap()[0].clone();
    sides.teacher()[1] = sides.student()[0].clone();
    sides.teacher()[2] = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      sides.teacher()[2][i] = -sides.student()[2][i];
    }
    assertFinite(evaluate(key, options, sides, false));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aBatchOfOneGivesFiniteLossAndGradient(String key, String options) {
    assertFinite(evaluate(key, options, Sides.random(1), false));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void theOrderOfTheBatchDoesNotMatter(String key, String options) {
    Outcome forward = evaluate(key, options, Sides.random(4), false);
    Outcome backward = evaluate(key, options, Sides.random(4).reversed(), false);

    assertThat(backward.loss()).isCloseTo(forward.loss(), within(1e-5));
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < WIDTH; i++) {
        assertThat(backward.student()[(3 - row) * WIDTH + i])
            .isCloseTo(forward.student()[row * WIDTH + i], within(1e-5f));
      }
    }
  }

  private static Outcome evaluate(String key, String options, Sides sides, boolean sameMaps) {
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, key, options);
    try (NDManager manager = Torch.newManager();
        MethodSession session = ChosenMethod.of(selected).open(setup(manager))) {
      session.initialise(manager, 11);
      if (sameMaps && key.equals("cakd")) {
        Map<String, float[]> values = new LinkedHashMap<>(session.save());
        values.put("studentProjection", values.get("teacherProjection"));
        session.load(manager, values);
      }
      try (TensorScope scope = TensorScope.training(manager, session)) {
        NDArray student = array(scope, sides.student(), new Shape(WIDTH));
        NDArray studentTap = array(scope, sides.studentTap(), TAP);
        NDArray teacher = array(scope, sides.teacher(), new Shape(WIDTH));
        NDArray teacherTap = array(scope, sides.teacherTap(), TAP);
        int batch = sides.student().length;
        StepInputs inputs =
            new StepInputs(
                new Features(student, Map.of("last", studentTap)),
                new Features(teacher, Map.of("last", teacherTap)),
                scope.manager().create(new long[batch]),
                scope.manager().create(new long[batch]),
                0,
                10,
                5);
        // Both sides take part with nothing, so that every gradient exists.
        NDArray total = student.sum().add(studentTap.sum());
        total = total.add(teacher.sum()).add(teacherTap.sum()).mul(0f);
        for (TermLosses.Term term : session.losses(inputs).terms().values()) {
          total = total.add(term.value().mul((float) term.weight()));
        }
        scope.backward(total);
        return new Outcome(
            total.getFloat(),
            student.getGradient().toFloatArray(),
            studentTap.getGradient().toFloatArray(),
            moves(teacher) || moves(teacherTap));
      }
    }
  }

  private static MethodSetup setup(NDManager manager) {
    float[] saliency = {0, 0.1f, 0.2f, 0.4f, 1, 0.4f, 0.3f, 0.2f, 0.1f};
    return new MethodSetup(
        manager,
        1,
        3,
        WIDTH,
        WIDTH,
        Map.of("last", TAP),
        Map.of("last", TAP),
        Optional.empty(),
        Optional.of(saliency),
        0,
        100);
  }

  private static NDArray array(TensorScope scope, float[][] rows, Shape one) {
    FloatBuffer values = FloatBuffer.allocate((int) (rows.length * one.size()));
    for (float[] row : rows) {
      values.put(row);
    }
    NDArray array = scope.manager().create(values.flip(), new Shape(rows.length).addAll(one));
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

  private static void assertSmall(float[] gradient) {
    for (float value : gradient) {
      assertThat(value).isCloseTo(0f, within(1e-5f));
    }
  }

  private static void assertFinite(Outcome outcome) {
    assertThat(outcome.loss()).isFinite();
    for (float value : outcome.student()) {
      assertThat(value).isFinite();
      assertThat(Math.abs(value)).isLessThan(1e4f);
    }
    for (float value : outcome.studentTap()) {
      assertThat(value).isFinite();
    }
  }
}
