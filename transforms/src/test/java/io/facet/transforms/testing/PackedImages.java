package io.facet.transforms.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the packed sets of InsightFace. */
public final class PackedImages {
  private static final int MAGIC = 0xCED7230A;

  private PackedImages() {}

  /** A verification set: two images a pair. */
  public static Path bin(Path file, List<byte[]> images, List<Boolean> same) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\u0080\u0003((".getBytes(StandardCharsets.ISO_8859_1));
    for (byte[] image : images) {
      out.write('B');
      out.writeBytes(littleEndian(4).putInt(image.length).array());
      out.writeBytes(image);
    }
    out.writeBytes("l(".getBytes(StandardCharsets.US_ASCII));
    same.forEach(answer -> out.write(answer ? 0x88 : 0x89));
    out.writeBytes("lt.".getBytes(StandardCharsets.US_ASCII));
    return Files.write(file, out.toByteArray());
  }

  /** A training set with its index; image i has key i and label i of the list. */
  public static Path recordIo(Path rec, List<byte[]> images, List<Float> labels)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder index = new StringBuilder();
    for (int i = 0; i < images.size(); i++) {
      index.append("%d\t%d\n".formatted(i, out.size()));
      int length = 24 + images.get(i).length;
      out.writeBytes(
          littleEndian(32)
              .putInt(MAGIC)
              .putInt(length)
              .putInt(0)
              .putFloat(labels.get(i))
              .putLong(i)
              .putLong(0)
              .array());
      out.writeBytes(images.get(i));
      out.writeBytes(new byte[(4 - length % 4) % 4]);
    }
    String name = rec.getFileName().toString().replaceFirst("[.]rec$", ".idx");
    Files.writeString(rec.resolveSibling(name), index);
    return Files.write(rec, out.toByteArray());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
