package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code pack}: one face to train or validate on, in the order of {@link
 * io.facet.models.tensor.SeededHash#of(String)} of the face ids. Its crop lies in {@code faces}.
 *
 * @param faceId a row of {@code faces}
 * @param split {@link SampleRow#TRAIN} or {@link SampleRow#VALIDATION}
 * @param identity number of who is seen, see {@link PersonRow}; {@link #UNKNOWN} if nobody knows
 */
public record PackRow(String faceId, String split, long identity) implements Serializable {

  /** The number of nobody. */
  public static final long UNKNOWN = 0;
}
