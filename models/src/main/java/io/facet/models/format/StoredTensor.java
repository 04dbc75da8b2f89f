package io.facet.models.format;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tensor exactly as a file holds it.
 *
 * @param name full dotted name
 * @param type kind of the elements
 * @param shape empty for a scalar
 * @param data little-endian, row-major, {@code shape.size() * type.bytes()} bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredTensor(String name, ElementType type, Shape shape, byte[] data) {

  /**
   * The same tensor as floats.
   *
   * @param file named in the error
   * @throws DataException if a value is NaN or infinite: such weights would poison every result
   */
  FloatTensor widen(String file) {
    float[] values = floats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DataException(
            "%s: tensor '%s' holds %s at position %d; weights must be finite: use another file"
                .formatted(file, name, values[i], i));
      }
    }
    return new FloatTensor(name, type, shape, values);
  }

  /** The elements as floats, row-major; NaN and infinity pass. */
  public float[] floats() {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[data.length / type.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.next(buffer);
    }
    return values;
  }

  /** All tensors as floats, sorted by name. */
  static Map<String, FloatTensor> widen(Iterable<StoredTensor> tensors, String file) {
    Map<String, FloatTensor> widened = new TreeMap<>();
    tensors.forEach(tensor -> widened.put(tensor.name(), tensor.widen(file)));
    return widened;
  }
}
