package io.facet.transforms.source;

import io.facet.models.format.TemplateLists;
import io.facet.transforms.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The digest of everything that template lists say, in their order. */
final class TemplateDigest {
  private static final int NUMBERS = 1 << 14;

  private final MessageDigest digest = Sha256.begin();
  private final ByteBuffer buffer = ByteBuffer.allocate(4 * NUMBERS);

  private TemplateDigest() {}

  /** 64 hexadecimal digits. */
  static String of(TemplateLists lists) {
    TemplateDigest all = new TemplateDigest();
    all.add(lists.faces().size());
    for (TemplateLists.Face face : lists.faces()) {
      all.add(face.name());
      all.add(face.template());
      all.add(face.medium());
      all.add(Float.floatToIntBits(face.score())); // landmarks are part of the samples
    }
    all.add(lists.pairs().left());
    all.add(lists.pairs().right());
    for (boolean same : lists.pairs().same()) {
      all.add(same ? 1 : 0);
    }
    lists.galleries().forEach(all::add);
    lists.probes().ifPresent(all::add);
    all.flush();
    return HexFormat.of().formatHex(all.digest.digest());
  }

  private void add(TemplateLists.Subjects subjects) {
    add(subjects.name());
    add(subjects.templates());
    add(subjects.subjects());
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    flush();
    digest.update(bytes);
  }

  private void add(int[] numbers) {
    add(numbers.length);
    for (int number : numbers) {
      add(number);
    }
  }

  private void add(int number) {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putInt(number);
  }

  private void flush() {
    digest.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
