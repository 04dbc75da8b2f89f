package io.facet.transforms.score;

import io.facet.models.DataException;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.row.OutcomeRow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
   * @throws DataException if there is only one kind of pair, or fewer pairs than folds
   */
  public static Outcomes of(ScoredPairs pairs) {
    return of(pairs, TenFoldAccuracy.measure(pairs.pairs()).correct());
  }

  /**
   * Reads what {@link #rows} gave.
   *
   * @param rows all of one model and one set, in any order
   * @throws DataException if some are missing
   */
  public static Outcomes of(List<OutcomeRow> rows) {
    List<OutcomeRow> ordered =
        rows.stream().sorted(Comparator.comparingInt(OutcomeRow::pairs)).toList();
    OutcomeRow last = ordered.get(ordered.size() - 1);
    int known = last.left().length == 0 ? 0 : last.pairs();
    Outcomes all =
        new Outcomes(
            last.pairsDigest(),
            new boolean[last.pairs()],
            new boolean[last.pairs()],
            new int[known],
            new int[known]);
    int read = 0;
    for (OutcomeRow row : ordered) {
      if (row.before() != read || !row.pairsDigest().equals(last.pairsDigest())) {
        throw new DataException(
            "outcomes of %s on %s: pairs from %d on are missing; delete the artifact and run the recipe again"
                .formatted(row.model(), row.set(), read));
      }
      setBits(row.same(), all.same, read, row.pairs());
      setBits(row.correct(), all.correct, read, row.pairs());
      System.arraycopy(row.left(), 0, all.left, Math.min(read, known), row.left().length);
      System.arraycopy(row.right(), 0, all.right, Math.min(read, known), row.right().length);
      read = row.pairs();
    }
    return all;
  }

  /** Which pairs were judged rightly, a bit a pair, eight in a byte from the lowest bit on. */
  public byte[] verdicts() {
    return bytes(correct, 0, correct.length);
  }

  /**
   * The same pairs as another model judged them.
   *
   * @param verdicts as {@link #verdicts()} gives them
   */
  public Outcomes judged(byte[] verdicts) {
    boolean[] judgements = new boolean[same.length];
    setBits(verdicts, judgements, 0, same.length);
    return new Outcomes(pairsDigest, same, judgements, left, right);
  }

  /** The rows of a table, made one by one. */
  public Stream<OutcomeRow> rows(String model, String set) {
    return IntStream.iterate(0, from -> from < same.length, from -> from + OutcomeRow.PAIRS)
        .mapToObj(from -> row(model, set, from, Math.min(from + OutcomeRow.PAIRS, same.length)));
  }

  private OutcomeRow row(String model, String set, int from, int to) {
    boolean known = left.length > 0;
    return new OutcomeRow(
        model,
        set,
        to,
        pairsDigest,
        bytes(same, from, to),
        bytes(correct, from, to),
        known ? Arrays.copyOfRange(left, from, to) : left,
        known ? Arrays.copyOfRange(right, from, to) : right);
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

  /** Whether another model's were measured on the same pairs of the same kinds and people. */
  public boolean samePairs(Outcomes other) {
    return sameDraws(other) && Arrays.equals(same, other.same);
  }

  private static byte[] bytes(boolean[] bits, int from, int to) {
    byte[] bytes = new byte[(to - from + Byte.SIZE - 1) / Byte.SIZE];
    for (int i = from; i < to; i++) {
      bytes[(i - from) / Byte.SIZE] |= (byte) (bits[i] ? 1 << (i - from) % Byte.SIZE : 0);
    }
    return bytes;
  }

  private static void setBits(byte[] bytes, boolean[] bits, int from, int to) {
    for (int i = from; i < to; i++) {
      bits[i] = (bytes[(i - from) / Byte.SIZE] >> (i - from) % Byte.SIZE & 1) == 1;
    }
  }
}
