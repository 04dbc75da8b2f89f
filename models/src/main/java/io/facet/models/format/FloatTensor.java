package io.facet.models.format;

import ai.djl.ndarray.types.Shape;

/**
 * A named tensor read from or written to a file, as floats.
 *
 * @param name full dotted name
 * @param type how the file stores the elements
 * @param shape empty for a scalar
 * @param values row-major; integers above 2^24 and F64 are rounded to the nearest float
 */
@SuppressWarnings("ArrayRecordComponent")
public record FloatTensor(String name, ElementType type, Shape shape, float[] values) {
  public FloatTensor {
    if (shape.size() != values.length) {
      throw new IllegalArgumentException(
          "tensor '%s': %d values for shape %s".formatted(name, values.length, shape));
    }
  }

  /** A tensor that is stored as F32. */
  public static FloatTensor of(String name, Shape shape, float[] values) {
    return new FloatTensor(name, ElementType.F32, shape, values);
  }
}
