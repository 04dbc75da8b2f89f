package io.facet.transforms.row;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Table {@code teacher_features}: one cached output of a teacher for one view of a face.
 *
 * @param faceId the face
 * @param view {@link #PLAIN} or {@link #MIRRORED}
 * @param tap {@link #EMBEDDING} or the name of a tap
 * @param shape without the batch axis
 * @param values float32, little-endian, row-major, as many as the product of {@code shape}
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
  public static FeatureRow of(String faceId, int view, String tap, int[] shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new FeatureRow(faceId, view, tap, shape, bytes.array());
  }

  /** The numbers in a column of values. */
  public static float[] floats(byte[] values) {
    float[] floats = new float[values.length / Float.BYTES];
    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
