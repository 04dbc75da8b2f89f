package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code outcomes}: which pairs of one verification set a model judged rightly, and who is on
 * them. It is all that paired tests and intervals of accuracies need, at a bit or two a pair. A row
 * holds {@link #PAIRS} pairs of the set, the last one the rest, so that none is too large for a
 * worker's buffers.
 *
 * @param model name of the model in the run
 * @param set name of the verification set
 * @param pairs how many were scored up to the last of this row, in the order of the set's list
 * @param pairsDigest SHA-256 over position, fold, kind and faces of each pair of the set: equal for
 *     models that judged the same pairs and crops
 * @param same a bit a pair, the first in the lowest bit of the first byte: 1 if both show one
 *     person
 * @param correct a bit a pair: 1 if it was judged rightly by the threshold of its fold
 * @param left number of the person on the first image of each pair, from 0 in this set; empty if
 *     somebody is not known
 * @param right number of the person on the second image
 */
@SuppressWarnings("ArrayRecordComponent")
public record OutcomeRow(
    String model,
    String set,
    int pairs,
    String pairsDigest,
    byte[] same,
    byte[] correct,
    int[] left,
    int[] right)
    implements Serializable {
  /** In a row; rows of before hold all of their set. */
  public static final int PAIRS = 1 << 15;

  /** How many pairs of the set are in rows before this one. */
  public int before() {
    // of the eight numbers that the bytes leave open, one begins a row
    return (pairs - 1 - Byte.SIZE * (same.length - 1)) / PAIRS * PAIRS;
  }
}
