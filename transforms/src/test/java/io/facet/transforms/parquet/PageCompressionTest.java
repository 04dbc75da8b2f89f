package io.facet.transforms.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.transforms.row.TimingRow;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.ReflectionUtils;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.codec.ZstandardCodec;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageCompressionTest {
  private static final byte[] PAGE =
      "a page, a page, a page, and another page".repeat(200).getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private static CompressionCodecFactory parquets() {
    return new CodecFactory(new Configuration(false), 1 << 20);
  }

  private static byte[] compressed(CompressionCodecFactory by, CompressionCodecName codec)
      throws IOException {
    return by.getCompressor(codec).compress(BytesInput.from(PAGE)).toByteArray();
  }

  private static void assertReads(
      CompressionCodecFactory by, CompressionCodecName codec, byte[] compressed)
      throws IOException {
    CompressionCodecFactory.BytesInputDecompressor reader = by.getDecompressor(codec);
    assertThat(reader.decompress(BytesInput.from(compressed), PAGE.length).toByteArray())
        .isEqualTo(PAGE);
    ByteBuffer output = ByteBuffer.allocate(PAGE.length);
    reader.decompress(ByteBuffer.wrap(compressed), compressed.length, output, PAGE.length);
    byte[] read = new byte[PAGE.length];
    output.get(0, read);
    assertThat(read).isEqualTo(PAGE);
  }

  @ParameterizedTest
  @EnumSource(names = {"ZSTD", "GZIP", "SNAPPY"})
  void parquetReadsWhatIsWrittenAndTheOtherWayRound(CompressionCodecName codec) throws IOException {
    PageCompression ours = new PageCompression();
    byte[] written = compressed(ours, codec);
    assertThat(written).hasSizeLessThan(PAGE.length / 4);
    assertThat(ours.getCompressor(codec).getCodecName()).isEqualTo(codec);
    assertReads(parquets(), codec, written);
    assertReads(ours, codec, compressed(parquets(), codec));
    ours.release();
  }

  @Test
  void aPageThatIsNoneIsAnError() throws IOException {
    byte[] page = compressed(new PageCompression(), CompressionCodecName.ZSTD);
    CompressionCodecFactory.BytesInputDecompressor reader =
        new PageCompression().getDecompressor(CompressionCodecName.ZSTD);
    assertThatThrownBy(() -> reader.decompress(BytesInput.from(new byte[30]), 30))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("a page cannot be decompressed: ");
    assertThatThrownBy(() -> reader.decompress(BytesInput.from(page), PAGE.length + 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "a page has %d bytes after decompression, %d expected"
                .formatted(PAGE.length, PAGE.length + 1));
  }

  /** Hadoop holds the classes it made instances of, and their loaders with them, for ever. */
  @Test
  void tablesNameNoCodecToHadoop() throws Exception {
    Field field = ReflectionUtils.class.getDeclaredField("CONSTRUCTOR_CACHE");
    field.setAccessible(true);
    Map<?, ?> named = (Map<?, ?>) field.get(null);
    compressed(parquets(), CompressionCodecName.ZSTD);
    assertThat(named.containsKey(ZstandardCodec.class)).isTrue();
    named.remove(ZstandardCodec.class);

    String uri = folder.toString();
    List<TimingRow> rows = List.of(new TimingRow("align", "one", 1));
    TableSummary table = TableFile.write(TimingRow.class, uri, "timings", rows);
    assertThat(ParquetTable.readAll(TimingRow.class, table.uris(uri))).isEqualTo(rows);
    assertThat(named.containsKey(ZstandardCodec.class)).isFalse();
  }
}
