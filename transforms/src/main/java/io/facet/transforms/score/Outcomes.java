package io.facet.transforms.score;

import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Which pairs of a set one model judged rightly, in the order of their list.
 *
 * @param pairsDigest as in {@link OutcomeRow}
 * @param same whether both images of a pair show one person
 * @param correct whether it was judged rightly by its fold's threshold
 * @param left number of the person on the first image; empty if somebody is not known
 * @param right number of the person on the second image
 */
@SuppressWarnings("ArrayRecordComponent")
public record Outcomes(
    String pairsDigest, boolean[] same, boolean[] correct, long[] left, long[] right) {

  /**
   * Judges.
   *
   * @param scores all of one model and one set, in any order
   * @param identities numbers of people by image id
   * @throws io.facet.models.DataException if there is only one kind of pair, or fewer pairs than
   *     folds
   */
  public static Outcomes of(List<ScoreRow> scores, Map<String, Long> identities) {
    List<ScoreRow> ordered = VerificationMetrics.ordered(scores);
    VerificationMetrics.People people = VerificationMetrics.People.of(ordered, identities);
    return new Outcomes(
        pairsDigest(ordered),
        VerificationMetrics.same(ordered),
        TenFoldAccuracy.measure(VerificationMetrics.pairs(ordered)).correct(),
        people.left(),
        people.right());
  }

  /** Reads what {@link #row} wrote. */
  public static Outcomes of(OutcomeRow row) {
    return new Outcomes(
        row.pairsDigest(),
        bits(row.same(), row.pairs()),
        bits(row.correct(), row.pairs()),
        Arrays.stream(row.left()).asLongStream().toArray(),
        Arrays.stream(row.right()).asLongStream().toArray());
  }

  /** The row of a table; people get the places of their numbers. */
  public OutcomeRow row(String model, String set) {
    long[] people =
        LongStream.concat(Arrays.stream(left), Arrays.stream(right)).sorted().distinct().toArray();
    return new OutcomeRow(
        model,
        set,
        same.length,
        pairsDigest,
        bytes(same),
        bytes(correct),
        Arrays.stream(left).mapToInt(one -> Arrays.binarySearch(people, one)).toArray(),
        Arrays.stream(right).mapToInt(one -> Arrays.binarySearch(people, one)).toArray());
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

  private static String pairsDigest(List<ScoreRow> ordered) {
    StringBuilder text = new StringBuilder();
    for (ScoreRow row : ordered) {
      text.append(row.position())
          .append(' ')
          .append(row.fold())
          .append(row.same() ? " same " : " different ")
          .append(row.leftFaceId())
          .append(' ')
          .append(row.rightFaceId())
          .append('\n');
    }
    return Sha256.hex(text.toString());
  }
}
