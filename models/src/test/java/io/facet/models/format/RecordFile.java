package io.facet.models.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes RecordIO files as MXNet does, or as a writer that leaves the magic word in payloads. */
final class RecordFile {
  private static final int MAGIC = 0xCED7230A;

  private final boolean parts;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringBuilder index = new StringBuilder();
  private final List<Integer> offsets = new ArrayList<>();

  /** An empty file; with {@code parts} a record is divided at the magic words in it. */
  RecordFile(boolean parts) {
    this.parts = parts;
  }

  /** One record; a single label stands in the header, several behind it. */
  RecordFile add(long key, byte[] payload, float... labels) {
    offsets.add(out.size());
    index.append("%d\t%d\n".formatted(key, out.size()));
    int several = labels.length == 1 ? 0 : labels.length;
    ByteBuffer content = littleEndian(24 + 4 * several + payload.length);
    content.putInt(several).putFloat(several == 0 ? labels[0] : 0).putLong(key).putLong(0);
    for (int i = 0; i < several; i++) {
      content.putFloat(labels[i]);
    }
    content.put(payload);
    write(content.flip());
    return this;
  }

  private void write(ByteBuffer content) {
    int begin = 0;
    for (int i = 0; parts && i + 4 <= content.limit(); i += 4) {
      if (content.getInt(i) == MAGIC) {
        part(content, begin, i, begin == 0 ? 1 : 2);
        begin = i + 4;
      }
    }
    part(content, begin, content.limit(), begin == 0 ? 0 : 3);
  }

  private void part(ByteBuffer content, int begin, int end, int kind) {
    int length = end - begin;
    out.writeBytes(littleEndian(8).putInt(MAGIC).putInt(kind << 29 | length).array());
    out.write(content.array(), begin, length);
    out.writeBytes(new byte[(4 - length % 4) % 4]);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where each record begins. */
  List<Integer> offsets() {
    return offsets;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** The file with its index beside it, or without. */
  Path save(Path rec, boolean indexed) throws IOException {
    if (indexed) {
      Files.writeString(Path.of(RecordIo.index(rec.toString())), index);
    }
    return Files.write(rec, bytes());
  }
}
