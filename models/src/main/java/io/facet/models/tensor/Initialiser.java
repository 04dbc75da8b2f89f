package io.facet.models.tensor;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Start values of a weight, drawn in Java so that a seed gives the same bits on every machine. */
@FunctionalInterface
public interface Initialiser {
  /** Values in row-major order for a weight of that shape. */
  float[] values(Shape shape, RandomGenerator random);

  static Initialiser constant(float value) {
    return (shape, random) -> {
      float[] values = new float[(int) shape.size()];
      Arrays.fill(values, value);
      return values;
    };
  }

  /** Normal distribution with mean 0. */
  static Initialiser normal(double standardDeviation) {
    return (shape, random) -> {
      float[] values = new float[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * standardDeviation);
      }
      return values;
    };
  }

  /** Normal distribution with mean 0, redrawn outside two standard deviations. */
  static Initialiser truncatedNormal(double standardDeviation) {
    return (shape, random) -> {
      float[] values = new float[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        double draw = random.nextGaussian();
        while (Math.abs(draw) > 2) {
          draw = random.nextGaussian();
        }
        values[i] = (float) (draw * standardDeviation);
      }
      return values;
    };
  }

  /** Uniform on {@code [-bound, bound)}. */
  static Initialiser uniform(double bound) {
    return (shape, random) -> {
      float[] values = new float[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((random.nextDouble() * 2 - 1) * bound);
      }
      return values;
    };
  }

  /** He et al. 2015: normal with variance 2 / fan-out, fan-out = dimension 0 times kernel area. */
  static Initialiser kaimingFanOut(int groups) {
    return (shape, random) -> {
      long fanOut = shape.get(0) / groups;
      for (int axis = 2; axis < shape.dimension(); axis++) {
        fanOut *= shape.get(axis);
      }
      return normal(Math.sqrt(2.0 / fanOut)).values(shape, random);
    };
  }
}
