package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code pack}: one crop to train or validate on, in the order of {@link
 * io.facet.models.tensor.SeededHash#of(String)} of the face ids.
 *
 * @param faceId a row of {@code faces}
 * @param split {@link SampleRow#TRAIN} or {@link SampleRow#VALIDATION}
 * @param identity number of who is seen, see {@link PersonRow}; {@link #UNKNOWN} if nobody knows
 * @param cropBytes size of {@code crop}
 * @param crop the aligned face as an encoded image of 112x112 pixels
 */
@SuppressWarnings("ArrayRecordComponent")
public record PackRow(String faceId, String split, long identity, int cropBytes, byte[] crop)
    implements Serializable {

  /** The number of nobody. */
  public static final long UNKNOWN = 0;
}
