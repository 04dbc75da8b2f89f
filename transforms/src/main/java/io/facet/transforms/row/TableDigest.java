package io.facet.transforms.row;

import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/**
 * The digest of a table, the same for every order of its rows and any division into files.
 *
 * <p>Each row's canonical bytes are hashed with SHA-256; the hashes are added as unsigned 256-bit
 * numbers modulo 2^256. An empty table has digest zero.
 *
 * @param rows number of rows
 * @param digest the sum as 64 lower-case hexadecimal digits
 */
public record TableDigest(long rows, String digest) implements Serializable {
  private static final int LENGTH = 32;

  /** The digest of rows at hand. */
  public static <T> TableDigest of(Class<T> type, Iterable<T> rows) {
    Sum sum = new Sum();
    RecordCoder<T> coder = RecordCoder.of(type);
    for (T row : rows) {
      sum.add(coder.canonicalBytes(row));
    }
    return sum.digest();
  }

  /** Combines a collection of rows into its digest; an empty one gives the empty table's. */
  public static <T> CombineFn<T, ?, TableDigest> combine(Class<T> type) {
    return new DigestFn<>(RecordCoder.of(type));
  }

  /** A growing digest. Not safe for several threads. */
  public static final class Sum {
    private final byte[] total;
    private long rows;

    public Sum() {
      this(0, new byte[LENGTH]);
    }

    private Sum(long rows, byte[] total) {
      this.rows = rows;
      this.total = total;
    }

    /** Takes in one row. */
    public void add(byte[] canonicalBytes) {
      addHash(sha256(canonicalBytes));
      rows++;
    }

    /** Rows so far. */
    public long rows() {
      return rows;
    }

    /** The digest of the rows so far. */
    public TableDigest digest() {
      return new TableDigest(rows, HexFormat.of().formatHex(total));
    }

    private void addHash(byte[] hash) {
      int carry = 0;
      for (int i = LENGTH - 1; i >= 0; i--) {
        int sum = (total[i] & 0xff) + (hash[i] & 0xff) + carry;
        total[i] = (byte) sum;
        carry = sum >>> 8;
      }
    }
  }

  /** An accumulator that travels between workers. */
  @SuppressWarnings("ArrayRecordComponent")
  record Partial(long rows, byte[] total) implements Serializable {}

  private static final class DigestFn<T> extends CombineFn<T, Partial, TableDigest> {
    private static final long serialVersionUID = 1L;

    private final RecordCoder<T> coder;

    DigestFn(RecordCoder<T> coder) {
      this.coder = coder;
    }

    @Override
    public Partial createAccumulator() {
      return new Partial(0, new byte[LENGTH]);
    }

    @Override
    public Partial addInput(Partial accumulator, T row) {
      Sum sum = new Sum(accumulator.rows(), accumulator.total().clone());
      sum.add(coder.canonicalBytes(row));
      return new Partial(sum.rows, sum.total);
    }

    @Override
    public Partial mergeAccumulators(Iterable<Partial> accumulators) {
      Sum sum = new Sum();
      for (Partial partial : accumulators) {
        sum.addHash(partial.total());
        sum.rows += partial.rows();
      }
      return new Partial(sum.rows, sum.total);
    }

    @Override
    public TableDigest extractOutput(Partial accumulator) {
      return new Sum(accumulator.rows(), accumulator.total()).digest();
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
