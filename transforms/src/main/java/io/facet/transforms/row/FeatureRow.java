package io.facet.transforms.row;

import io.facet.models.train.teacher.FeatureType;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Table {@code teacher_features}: one cached output of a teacher for one view of a face.
 *
 * @param faceId the face
 * @param view {@link #PLAIN} or {@link #MIRRORED}
 * @param tap {@link #EMBEDDING} or the name of a tap
 * @param shape without the batch axis
 * @param values row-major, as many as the product of {@code shape}, little-endian numbers of a
 *     {@link FeatureType}, which their size tells
 */
@SuppressWarnings("ArrayRecordComponent")
public record FeatureRow(String faceId, int view, String tap, int[] shape, @InPlace byte[] values)
    implements Serializable {
  /** The crop as it is. */
  public static final int PLAIN = 0;

  /** The crop mirrored left to right. */
  public static final int MIRRORED = 1;

  /** The tap name of the network's embedding, raw, not normalised. */
  public static final String EMBEDDING = "embedding";

  /** A row of these values. */
  public static FeatureRow of(
      String faceId, int view, String tap, int[] shape, float[] values, FeatureType type) {
    return new FeatureRow(faceId, view, tap, shape, type.encode(values));
  }

  /** The numbers of columns {@code shape} and {@code values}, whose size tells their type. */
  public static float[] floats(int[] shape, byte[] values) {
    float[] numbers = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    FeatureType.of(values.length, numbers.length).decode(values, numbers, 0);
    return numbers;
  }
}
