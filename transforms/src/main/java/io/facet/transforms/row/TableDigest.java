package io.facet.transforms.row;

import io.facet.transforms.file.Sha256;
import java.io.Serializable;
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
    Builder<T> builder = builder(type);
    rows.forEach(builder::add);
    return builder.digest();
  }

  /** Begins a digest of rows that come one by one. */
  public static <T> Builder<T> builder(Class<T> type) {
    return new Builder<>(RecordCoder.of(type));
  }

  /** Combines a collection of rows into its digest; an empty one gives the empty table's. */
  public static <T> CombineFn<T, ?, TableDigest> combine(Class<T> type) {
    return new DigestFn<>(RecordCoder.of(type));
  }

  /** The digest of these rows and others together. */
  public TableDigest plus(TableDigest others) {
    Sum sum = new Sum(rows + others.rows, HexFormat.of().parseHex(digest));
    sum.addHash(HexFormat.of().parseHex(others.digest));
    return sum.digest();
  }

  /** A growing digest. Not safe for several threads. */
  public static final class Builder<T> {
    private final RecordCoder<T> coder;
    private final Sum sum = new Sum(0, new byte[LENGTH]);

    private Builder(RecordCoder<T> coder) {
      this.coder = coder;
    }

    /** Takes in one row. */
    public void add(T row) {
      sum.add(coder.canonicalBytes(row));
    }

    /** The digest of the rows so far. */
    public TableDigest digest() {
      return sum.digest();
    }
  }

  private static final class Sum {
    private final byte[] total;
    private long rows;

    Sum(long rows, byte[] total) {
      this.rows = rows;
      this.total = total;
    }

    void add(byte[] canonicalBytes) {
      addHash(Sha256.of(canonicalBytes));
      rows++;
    }

    TableDigest digest() {
      return new TableDigest(rows, HexFormat.of().formatHex(total));
    }

    void addHash(byte[] hash) {
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
      Sum sum = new Sum(0, new byte[LENGTH]);
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
}
