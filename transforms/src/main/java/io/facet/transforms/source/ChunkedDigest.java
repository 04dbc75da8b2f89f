package io.facet.transforms.source;

import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands for the content of a large file: the SHA-256 of the SHA-256s of its chunks of 64 MiB,
 * one after the other. The chunks are read by as many threads as there are processors, so the
 * storage sets the pace.
 */
final class ChunkedDigest {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkedDigest.class);
  private static final long CHUNK = 64L << 20;
  private static final long WORTH_TELLING = 1L << 30;

  private ChunkedDigest() {}

  /** 64 hexadecimal digits. */
  static String of(String uri) throws IOException {
    long size = StoredFiles.stat(uri).size();
    if (size >= WORTH_TELLING) {
      LOG.info("{}: {} GiB are read once, so that a change of them is noticed", uri, size >> 30);
    }
    try {
      List<byte[]> chunks =
          LongStream.range(0, Math.max(1, (size + CHUNK - 1) / CHUNK))
              .parallel()
              .mapToObj(chunk -> chunk(uri, chunk * CHUNK, Math.min(size, (chunk + 1) * CHUNK)))
              .toList();
      MessageDigest whole = Sha256.begin();
      chunks.forEach(whole::update);
      return HexFormat.of().formatHex(whole.digest());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static byte[] chunk(String uri, long start, long end) {
    MessageDigest digest = Sha256.begin();
    try (SeekableByteChannel in = StoredFiles.seekable(uri)) {
      in.position(start);
      ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
      for (long left = end - start; left > 0; left -= buffer.limit()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), left));
        while (buffer.hasRemaining()) {
          if (in.read(buffer) < 0) {
            throw new EOFException(uri + " became shorter while it was read");
          }
        }
        digest.update(buffer.flip());
      }
      return digest.digest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
