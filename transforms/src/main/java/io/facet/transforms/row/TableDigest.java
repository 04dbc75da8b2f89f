package io.facet.transforms.row;

import io.facet.transforms.file.Sha256;
import java.io.Serializable;
import java.util.HexFormat;

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

  /** The digest of a table of which these are the digests of its parts. */
  public static TableDigest sum(Iterable<TableDigest> parts) {
    Sum sum = new Sum();
    for (TableDigest part : parts) {
      sum.addHash(HexFormat.of().parseHex(part.digest()));
      sum.rows += part.rows();
    }
    return sum.digest();
  }

  /** A growing digest. Not safe for several threads. */
  public static final class Builder<T> {
    private final RecordCoder<T> coder;
    private final Sum sum = new Sum();

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
    private final byte[] total = new byte[LENGTH];
    private long rows;

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
}
