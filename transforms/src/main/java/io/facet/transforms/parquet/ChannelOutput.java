package io.facet.transforms.parquet;

import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A file of one of Beam's file systems as Parquet writes it, once; its bytes are hashed meanwhile.
 */
final class ChannelOutput implements OutputFile {
  private final String uri;
  private final MessageDigest sha256 = Sha256.begin();
  private long bytes;

  ChannelOutput(String uri) {
    this.uri = uri;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return createOrOverwrite(blockSizeHint);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    OutputStream out =
        new BufferedOutputStream(
            Channels.newOutputStream(
                FileSystems.create(StoredFiles.resource(uri), MimeTypes.BINARY)),
            1 << 16);
    return new HashingOutputStream(out);
  }

  /** Bytes written so far. */
  long bytes() {
    return bytes;
  }

  /** SHA-256 of all bytes, 64 lower-case hexadecimal digits; asked for once, at the end. */
  String sha256() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return uri;
  }

  private final class HashingOutputStream extends PositionOutputStream {
    private final OutputStream out;

    HashingOutputStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return bytes;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      sha256.update((byte) b);
      bytes++;
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      out.write(data, offset, length);
      sha256.update(data, offset, length);
      bytes += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
