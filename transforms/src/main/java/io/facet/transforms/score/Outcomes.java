package io.facet.transforms.score;

import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.row.OutcomeRow;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which pairs of a set one model judged rightly, in the order of their list.
 *
 * @param pairsDigest as in {@link OutcomeRow}
 * @param same whether both images of a pair show one person
 * @param correct whether it was judged rightly by its fold's threshold
 * @param left number of the person on the first image, from 0; empty if somebody is not known
 * @param right number of the person on the second image
 */
@SuppressWarnings("ArrayRecordComponent")
public record Outcomes(
    String pairsDigest, boolean[] same, boolean[] correct, int[] left, int[] right) {

  /**
   * What is kept of judged pairs.
   *
   * @param correct of each pair, in the order of the list
   */
  static Outcomes of(ScoredPairs pairs, boolean[] correct) {
    return new Outcomes(
        pairs.digest(), pairs.same(), correct, pairs.leftPeople(), pairs.rightPeople());
  }

  /**
   * Judges.
   *
   * @throws io.facet.models.DataException if there is only one kind of pair, or fewer pairs than
   *     folds
   */
  public static Outcomes of(ScoredPairs pairs) {
    return of(pairs, TenFoldAccuracy.measure(pairs.pairs()).correct());
  }

  /** Reads what {@link #row} wrote. */
  public static Outcomes of(OutcomeRow row) {
    return new Outcomes(
        row.pairsDigest(),
        bits(row.same(), row.pairs()),
        bits(row.correct(), row.pairs()),
        row.left(),
        row.right());
  }

  /** The row of a table. */
  public OutcomeRow row(String model, String set) {
    return new OutcomeRow(
        model, set, same.length, pairsDigest, bytes(same), bytes(correct), left, right);
  }

  /** Number of pairs that show two people. */
  int differentPairs() {
    int count = 0;
    for (boolean one : same) {
      count += one ? 0 : 1;
    }
    return count;
  }

  /**
   * How the pairs are drawn.
   *
   * @param unit wanted, see {@link Resampling#of}
   */
  public Resampling resampling(ResamplingUnit unit) {
    return Resampling.of(unit, same, left, right);
  }

  /** Whether another model's were measured on the same pairs of the same people. */
  public boolean sameDraws(Outcomes other) {
    return pairsDigest.equals(other.pairsDigest)
        && Arrays.equals(left, other.left)
        && Arrays.equals(right, other.right);
  }

  private static byte[] bytes(boolean[] bits) {
    byte[] bytes = new byte[(bits.length + Byte.SIZE - 1) / Byte.SIZE];
    for (int i = 0; i < bits.length; i++) {
      bytes[i / Byte.SIZE] |= (byte) (bits[i] ? 1 << i % Byte.SIZE : 0);
    }
    return bytes;
  }

  private static boolean[] bits(byte[] bytes, int count) {
    BitSet set = BitSet.valueOf(bytes);
    boolean[] bits = new boolean[count];
    for (int i = 0; i < count; i++) {
      bits[i] = set.get(i);
    }
    return bits;
  }
}
