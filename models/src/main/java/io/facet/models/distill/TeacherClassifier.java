package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.NewArray;
import java.nio.FloatBuffer;

/**
 * The teacher's frozen class weights, as directions; a method that reads them declares the need.
 */
public final class TeacherClassifier {
  /** Unit class weights, {@code (C, d)}. */
  private final NDArray classes;

  private TeacherClassifier(NDArray classes) {
    this.classes = classes;
  }

  /** The class weights a session was given; they live as long as its manager. */
  public static TeacherClassifier of(MethodSetup setup) {
    try (NDManager work = setup.manager().newSubManager()) {
      NDArray classes = L2Normalise.of(raw(setup, work)).stopGradient();
      classes.attach(setup.manager());
      return new TeacherClassifier(classes);
    }
  }

  /** The class weights as the teacher has them, {@code (C, d)}, in the given manager. */
  public static NDArray raw(MethodSetup setup, NDManager manager) {
    float[] weights = setup.teacherClassifier().orElseThrow();
    Shape shape = new Shape(setup.classes(), setup.teacherEmbedding());
    if (weights.length != shape.size()) {
      throw new IllegalArgumentException(
          "teacher classifier of %d values for %s".formatted(weights.length, shape));
    }
    return NewArray.of(manager, setup.device(), FloatBuffer.wrap(weights), shape);
  }

  /** The class weights as rows of length one, {@code (C, d)}. */
  public NDArray directions() {
    return classes;
  }
}
