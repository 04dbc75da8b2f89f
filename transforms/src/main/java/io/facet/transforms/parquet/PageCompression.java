package io.facet.transforms.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses Parquet's pages with zstd, level 3, and decompresses those of any codec. For zstd no
 * class is named to Hadoop, which keeps all it was ever named: on a Flink with a Hadoop of its own
 * the classes of each job would stay.
 */
final class PageCompression implements CompressionCodecFactory {
  private static final int LEVEL = 3;
  private static final int PAGE_BYTES = 1 << 20;

  /** Parquet's own, for other codecs; made when it is asked for. */
  private CodecFactory others;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return codec == CompressionCodecName.ZSTD ? new Compressor() : others().getCompressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return codec == CompressionCodecName.ZSTD
        ? new Decompressor()
        : others().getDecompressor(codec);
  }

  private CodecFactory others() {
    if (others == null) {
      others = new CodecFactory(new Configuration(false), PAGE_BYTES);
    }
    return others;
  }

  @Override
  public void release() {
    if (others != null) {
      others.release();
    }
  }

  private static final class Compressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      return BytesInput.from(Zstd.compress(page.toByteArray(), LEVEL));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
      // holds nothing
    }
  }

  private static final class Decompressor implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput page, int bytes) throws IOException {
      return BytesInput.from(decompress(page.toByteArray(), bytes));
    }

    @Override
    public void decompress(ByteBuffer page, int pageBytes, ByteBuffer output, int bytes)
        throws IOException {
      byte[] compressed = new byte[pageBytes];
      page.get(compressed);
      output.put(decompress(compressed, bytes)).flip();
    }

    private static byte[] decompress(byte[] compressed, int bytes) throws IOException {
      byte[] page = new byte[bytes];
      long read;
      try {
        read = Zstd.decompress(page, compressed);
      } catch (ZstdException e) {
        throw new IOException("a page cannot be decompressed: " + e.getMessage(), e);
      }
      if (read != bytes) {
        throw new IOException(
            "a page has %d bytes after decompression, %d expected".formatted(read, bytes));
      }
      return page;
    }

    @Override
    public void release() {
      // holds nothing
    }
  }
}
