package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code teacher_features}: one cached output of a teacher for one view of a face.
 *
 * @param faceId the face
 * @param view {@link #PLAIN} or {@link #MIRRORED}
 * @param tap {@link #EMBEDDING} or the name of a tap
 * @param shape without the batch axis
 * @param values row-major, as many as the product of {@code shape}
 */
@SuppressWarnings("ArrayRecordComponent")
public record FeatureRow(String faceId, int view, String tap, int[] shape, float[] values)
    implements Serializable {
  /** The crop as it is. */
  public static final int PLAIN = 0;

  /** The crop mirrored left to right. */
  public static final int MIRRORED = 1;

  /** The tap name of the network's embedding, raw, not normalised. */
  public static final String EMBEDDING = "embedding";
}
