package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A method on one batch of outputs made by hand.
 *
 * @param key of the method
 * @param taps shapes without the batch axis, the same for student and teacher
 * @param matching makes adapters under which equal outputs of student and teacher stay equal
 */
record MethodTrial(
    String key, Map<String, Shape> taps, UnaryOperator<Map<String, float[]>> matching) {
  static final int WIDTH = 6;
  static final int CLASSES = 3;
  private static final Shape ONE = new Shape(WIDTH);

  /** Total loss and the gradients of it by name of the output. */
  record Outcome(double loss, Map<String, float[]> student, boolean teacherMoves) {}

  /** Shapes of all outputs of a side. */
  Map<String, Shape> shapes() {
    Map<String, Shape> all = new LinkedHashMap<>();
    all.put("", ONE);
    all.putAll(taps);
    return all;
  }

  /** Labels of a batch. */
  static long[] labels(int batch) {
    long[] labels = new long[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = (i / 2) % CLASSES;
    }
    return labels;
  }

  /** Class weights of the student's head, or of a teacher that is like it. */
  static float[][] classWeights(boolean teacher) {
    return TrialOutputs.rows(new Random(teacher ? 4 : 3), CLASSES, WIDTH);
  }

  /**
   * Loss and gradients of one batch.
   *
   * @param options as recipes write them
   * @param same whether both sides are alike: adapters that would tell them apart are made equal
   * @param reversed whether the samples come in the opposite order
   */
  Outcome run(
      String options,
      TrialOutputs students,
      TrialOutputs teachers,
      boolean same,
      boolean reversed) {
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, key, Yaml.json(options));
    ChosenMethod method = ChosenMethod.of(selected);
    try (NDManager manager = Torch.newManager();
        MethodSession session = method.open(setup(manager))) {
      session.initialise(manager, 11);
      if (same) {
        session.load(manager, matching.apply(session.save()));
      }
      try (TensorScope scope = TensorScope.training(manager, session)) {
        Map<String, NDArray> student = arrays(scope, students);
        Map<String, NDArray> teacher = arrays(scope, teachers);
        NDArray classes = array(scope, classWeights(same), ONE);
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
        NDArray total = nothing(classes, student, teacher);
        for (TermLosses.Term term : session.losses(inputs).terms().values()) {
          total = total.add(term.value().mul((float) term.weight()));
        }
        scope.backward(total);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        student.forEach((name, a) -> gradients.put(name, a.getGradient().toFloatArray()));
        return new Outcome(
            total.getFloat(), gradients, teacher.values().stream().anyMatch(MethodTrial::moves));
      }
    }
  }

  /** Zero, in which everything takes part, so that every gradient exists. */
  private static NDArray nothing(
      NDArray classes, Map<String, NDArray> student, Map<String, NDArray> teacher) {
    NDArray total = classes.sum().mul(0f);
    for (Map<String, NDArray> side : List.of(student, teacher)) {
      for (NDArray part : side.values()) {
        total = total.add(part.sum().mul(0f));
      }
    }
    return total;
  }

  private static Features features(Map<String, NDArray> side) {
    Map<String, NDArray> taps = new LinkedHashMap<>(side);
    return new Features(taps.remove(""), taps);
  }

  private Map<String, NDArray> arrays(TensorScope scope, TrialOutputs side) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    shapes().forEach((name, shape) -> arrays.put(name, array(scope, side.rows().get(name), shape)));
    return arrays;
  }

  private MethodSetup setup(NDManager manager) {
    float[] saliency = {0, 0.1f, 0.2f, 0.4f, 1, 0.4f, 0.3f, 0.2f, 0.1f};
    FloatBuffer classes = FloatBuffer.allocate(CLASSES * WIDTH);
    for (float[] row : classWeights(true)) {
      classes.put(row);
    }
    return new MethodSetup(
        manager,
        1,
        CLASSES,
        WIDTH,
        WIDTH,
        taps,
        taps,
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
}
