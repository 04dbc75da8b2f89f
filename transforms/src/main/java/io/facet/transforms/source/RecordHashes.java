package io.facet.transforms.source;

import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SHA-256 of every image inside one file, 40 bytes each. */
public final class RecordHashes {
  private static final Logger LOG = LoggerFactory.getLogger(RecordHashes.class);
  private static final int DIGEST = 32;

  private final String stamp;
  private final long[] records;
  private final byte[] digests;

  private RecordHashes(String stamp, long[] records, byte[] digests) {
    this.stamp = stamp;
    this.records = records;
    this.digests = digests;
  }

  /** Collects hashes in ascending order of records. */
  public static final class Builder {
    private final ByteArrayOutputStream digests = new ByteArrayOutputStream();
    private long[] records = new long[1024];
    private int count;

    /**
     * The next image.
     *
     * @param record above all before
     */
    public void add(long record, byte[] encoded) {
      if (count == records.length) {
        records = Arrays.copyOf(records, 2 * count);
      }
      records[count++] = record;
      digests.writeBytes(Sha256.of(encoded));
    }

    /** All of them. */
    public RecordHashes build() {
      return new RecordHashes("", Arrays.copyOf(records, count), digests.toByteArray());
    }
  }

  /** The same for a version of the file. */
  RecordHashes with(String version) {
    return new RecordHashes(version, records, digests);
  }

  String stamp() {
    return stamp;
  }

  /** The hash of one image as 64 hexadecimal digits. */
  String of(long record) {
    int found = Arrays.binarySearch(records, record);
    if (found < 0) {
      throw new NoSuchElementException("record " + record);
    }
    return HexFormat.of().formatHex(digests, found * DIGEST, (found + 1) * DIGEST);
  }

  /** Keeps them in a file, if that can be written: else the next plan reads the images again. */
  void save(String uri) {
    byte[] version = stamp.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(
            Math.addExact(8 + version.length, Math.multiplyExact(records.length, 8 + DIGEST)));
    out.putInt(version.length).put(version).putInt(records.length);
    for (long record : records) {
      out.putLong(record);
    }
    out.put(digests);
    try {
      StoredFiles.write(uri, out.array());
    } catch (IOException e) {
      LOG.warn("{} cannot be written, so the next plan reads all images again: {}", uri, e);
    }
  }

  /** What {@link #save} kept for this version of the file, if it is there and whole. */
  static Optional<RecordHashes> load(String uri, String stamp) {
    try {
      ByteBuffer in = ByteBuffer.wrap(StoredFiles.read(uri));
      byte[] version = new byte[in.getInt()];
      in.get(version);
      long[] records = new long[in.getInt()];
      for (int i = 0; i < records.length; i++) {
        records[i] = in.getLong();
      }
      byte[] digests = new byte[Math.multiplyExact(records.length, DIGEST)];
      in.get(digests);
      boolean whole =
          !in.hasRemaining() && stamp.equals(new String(version, StandardCharsets.UTF_8));
      return whole ? Optional.of(new RecordHashes(stamp, records, digests)) : Optional.empty();
    } catch (IOException
        | BufferUnderflowException
        | NegativeArraySizeException
        | ArithmeticException e) {
      return Optional.empty(); // not there, or spoilt
    }
  }
}
