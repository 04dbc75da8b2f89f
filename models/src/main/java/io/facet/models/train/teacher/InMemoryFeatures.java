package io.facet.models.train.teacher;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.train.data.TrainingSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Cached teacher outputs in memory, filled row by row in any order. */
public final class InMemoryFeatures implements CachedFeatures {
  private final TrainingSet set;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, float[][]> values = new HashMap<>();

  public InMemoryFeatures(TrainingSet set) {
    this.set = set;
    for (int i = 0; i < set.size(); i++) {
      positions.putIfAbsent(set.faceId(i), i);
    }
  }

  /**
   * Takes in one row; faces outside the training set are left out.
   *
   * @param tap {@link #EMBEDDING} or the name of a tap
   * @param shape without the batch axis
   * @param row values, row-major
   * @throws DataException if the row does not fit the rows before it
   */
  public void put(String faceId, boolean mirrored, String tap, Shape shape, float[] row) {
    Shape known = shapes.putIfAbsent(tap, shape);
    if ((known != null && !known.equals(shape)) || row.length != shape.size()) {
      throw misfit(faceId, tap, row.length, shape, known == null ? shape : known);
    }
    Integer position = positions.get(faceId);
    if (position != null) {
      values.computeIfAbsent(tap, t -> new float[2 * set.size()][])[slot(position, mirrored)] = row;
    }
  }

  @Override
  public Map<String, Shape> shapes() {
    return shapes;
  }

  @Override
  public void read(String tap, int index, boolean mirrored, float[] target, int from) {
    float[][] rows = values.get(tap);
    int position = positions.get(set.faceId(index));
    float[] row = rows == null ? null : rows[slot(position, mirrored)];
    if (row == null) {
      throw missing(set.faceId(index), tap, mirrored);
    }
    System.arraycopy(row, 0, target, from, row.length);
  }

  static DataException misfit(String faceId, String tap, int length, Shape shape, Shape expected) {
    return new DataException(
        "teacher features of face %s, tap %s: %d values of shape %s, expected %s"
            .formatted(faceId, tap, length, shape, expected));
  }

  static DataException missing(String faceId, String tap, boolean mirrored) {
    return new DataException(
        "teacher features of face %s, tap %s, %s view are missing; run the teacher stage again"
            .formatted(faceId, tap, mirrored ? "mirrored" : "plain"));
  }

  static int slot(int position, boolean mirrored) {
    return 2 * position + (mirrored ? 1 : 0);
  }
}
