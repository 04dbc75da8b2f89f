package io.facet.models.train.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.facet.models.DataException;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.Weight;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * An optimiser at work: moments of each weight and the number of steps done. What {@link #save}
 * gives, {@link #load} takes back to the last bit.
 */
public abstract class OptimiserSession implements AutoCloseable {
  private static final String STEPS = "steps";

  private final NDManager manager;
  private final double weightDecay;
  private final Group matrices = new Group();
  private final Group vectors = new Group();
  private long steps;

  /** Weights that share one decay, and their moments by kind. */
  private static final class Group {
    final List<String> names = new ArrayList<>();
    final List<Weight> weights = new ArrayList<>();
    final Map<String, List<NDArray>> moments = new LinkedHashMap<>();
  }

  /**
   * @param kinds names of the arrays kept for each weight, each at first zero
   */
  protected OptimiserSession(
      NDManager base, Map<String, Weight> weights, double weightDecay, String... kinds) {
    manager = base.newSubManager();
    this.weightDecay = weightDecay;
    weights.forEach(
        (name, weight) -> {
          if (weight.trainable()) {
            Group group = weight.kind() == Weight.Kind.MATRIX ? matrices : vectors;
            group.names.add(name);
            group.weights.add(weight);
            for (String kind : kinds) {
              group
                  .moments
                  .computeIfAbsent(kind, k -> new ArrayList<>())
                  .add(NewArray.zeros(manager, weight.array().getDevice(), weight.shape()));
            }
          }
        });
  }

  /** Updates all weights in place. Call it inside the step's scope, after the backward pass. */
  public final void step(Gradients gradients, double rate) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      update(matrices, gradients, rate, weightDecay);
      update(vectors, gradients, rate, 0);
      steps++;
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private void update(Group group, Gradients gradients, double rate, double decay) {
    if (!group.weights.isEmpty()) {
      update(
          group.weights.stream().map(Weight::array).toList(),
          gradients.of(group.weights),
          group.moments,
          rate,
          decay);
    }
  }

  /** Updates one group of weights in place, none of them empty. */
  protected abstract void update(
      List<NDArray> weights,
      List<NDArray> gradients,
      Map<String, List<NDArray>> moments,
      double rate,
      double decay);

  /** Steps done. */
  public final long steps() {
    return steps;
  }

  /** Where state and helpers live. */
  protected final NDManager manager() {
    return manager;
  }

  /**
   * The arrays kept for one weight by kind, each of its shape; they change with every step.
   *
   * @param name full name of a trainable weight
   */
  public final Map<String, NDArray> moments(String name) {
    Map<String, NDArray> found = new LinkedHashMap<>();
    for (Group group : List.of(matrices, vectors)) {
      int place = group.names.indexOf(name);
      if (place >= 0) {
        group.moments.forEach((kind, arrays) -> found.put(kind, arrays.get(place)));
      }
    }
    return found;
  }

  /** A copy of the state: {@code steps} and {@code KIND/WEIGHT}. */
  public final Map<String, float[]> save() {
    return save(name -> true);
  }

  /** The same without the moments of those weights whose names are not wanted. */
  public final Map<String, float[]> save(Predicate<String> wanted) {
    Map<String, float[]> state = new LinkedHashMap<>();
    // Two floats hold 48 bits exactly.
    state.put(STEPS, new float[] {steps >>> 24, steps & 0xFFFFFF});
    for (Group group : List.of(matrices, vectors)) {
      group.moments.forEach(
          (kind, arrays) -> {
            for (int i = 0; i < arrays.size(); i++) {
              String name = group.names.get(i);
              if (wanted.test(name)) {
                state.put(kind + "/" + name, HostArray.floats(arrays.get(i)));
              }
            }
          });
    }
    return state;
  }

  /**
   * Takes back what {@link #save} gave.
   *
   * @throws DataException if an array is missing or has another size; the message names it
   */
  public final void load(Map<String, float[]> state) {
    float[] saved = fitting(state, STEPS, 2);
    for (Group group : List.of(matrices, vectors)) {
      group.moments.forEach(
          (kind, arrays) -> {
            for (int i = 0; i < arrays.size(); i++) {
              String name = kind + "/" + group.names.get(i);
              NDArray before = arrays.get(i);
              FloatBuffer values = FloatBuffer.wrap(fitting(state, name, before.size()));
              arrays.set(i, NewArray.of(manager, before.getDevice(), values, before.getShape()));
              before.close();
            }
          });
    }
    steps = ((long) saved[0] << 24) + (long) saved[1];
  }

  private static float[] fitting(Map<String, float[]> state, String name, long size) {
    float[] values = state.get(name);
    if (values == null || values.length != size) {
      throw new DataException(
          "optimiser state '%s' has %s values, needs %d; the checkpoint is of another run"
              .formatted(name, values == null ? "no" : values.length, size));
    }
    return values;
  }

  @Override
  public final void close() {
    manager.close();
  }
}
