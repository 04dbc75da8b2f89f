package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** However a RecordIO file is divided, every record comes once, whatever stands in payloads. */
class RecordRangesPropertyTest {
  private static final int MAGIC = 0xCED7230A;
  private static Path file;

  @BeforeContainer
  static void make() throws IOException {
    file = Files.createTempDirectory("records").resolve("train.rec");
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(index());
    Files.delete(file.getParent());
  }

  private static Path index() {
    return Path.of(RecordIo.index(file.toString()));
  }

  /** Noise with magic words in it, at multiples of four and elsewhere. */
  private static byte[] payload(Random random) {
    byte[] bytes = new byte[random.nextInt(400)];
    random.nextBytes(bytes);
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = random.nextInt(4); i > 0 && bytes.length >= 4; i--) {
      words.putInt(random.nextInt(bytes.length - 3), MAGIC);
    }
    for (int i = random.nextInt(3); i > 0 && bytes.length >= 8; i--) {
      words.putInt(random.nextInt(bytes.length / 4) * 4, MAGIC);
    }
    return bytes;
  }

  private record Expected(long key, int offset, byte[] payload, float[] labels) {}

  /** Records in any order of keys, a head and identity records among them. */
  private static List<Expected> write(Random random, boolean parts, boolean indexed)
      throws IOException {
    RecordFile records = new RecordFile(parts);
    List<Expected> images = new ArrayList<>();
    int count = 1 + random.nextInt(40);
    boolean headed = random.nextBoolean();
    if (headed) {
      records.add(0, new byte[0], count + 1, count + 3);
    }
    int first = headed ? 1 : 0;
    for (int i = first; i < first + count; i++) {
      float[] labels = new float[1 + random.nextInt(3)];
      labels[0] = random.nextInt(100_000);
      byte[] payload = payload(random);
      if (payload.length == 0 && labels.length == 2) {
        payload = new byte[1];
      }
      long key = indexed ? 7L * i + 3 : i;
      records.add(key, payload, labels);
      int offset = records.offsets().get(records.offsets().size() - 1);
      images.add(new Expected(key, offset, payload, labels));
    }
    records.add(1_000_000, new byte[0], 1, 2);
    Files.deleteIfExists(index());
    records.save(file, indexed);
    return images;
  }

  private static RecordIo.File open(Path path) throws IOException {
    return new RecordIo.File(path.toString(), Files.newByteChannel(path));
  }

  private static RecordIoReader reader(RecordIoReader.Range range, boolean indexed)
      throws IOException {
    return new RecordIoReader(
        open(file),
        indexed ? Optional.of(open(index())) : Optional.empty(),
        range,
        Integer.MAX_VALUE);
  }

  @Property(tries = 300)
  void everyDivisionGivesEveryRecordOnce(
      @ForAll long seed, @ForAll boolean parts, @ForAll boolean indexed) throws IOException {
    Random random = new Random(seed);
    List<Expected> expected = write(random, parts, indexed);
    TreeSet<Long> cuts = new TreeSet<>(List.of(0L));
    long size = Files.size(file);
    for (int i = random.nextInt(12); i > 0; i--) {
      cuts.add(random.nextLong(size / 4) * 4);
    }
    List<RecordIo.Image> images = new ArrayList<>();
    long before = 0;
    for (long start : cuts) {
      Long end = cuts.higher(start);
      RecordIoReader.Range range =
          new RecordIoReader.Range(start, end == null ? size : end, before);
      try (RecordIoReader reader = reader(range, indexed)) {
        for (RecordIo.Entry entry = reader.next(); entry != null; entry = reader.next()) {
          images.add((RecordIo.Image) entry);
        }
      }
      if (!indexed) {
        try (RecordIoReader reader = reader(range, false)) {
          reader.skipAll();
          before = reader.number();
        }
      }
    }
    assertThat(images).hasSameSizeAs(expected);
    for (int i = 0; i < images.size(); i++) {
      assertThat(images.get(i).key()).isEqualTo(expected.get(i).key());
      assertThat(images.get(i).offset()).isEqualTo(expected.get(i).offset());
      assertThat(images.get(i).payload()).isEqualTo(expected.get(i).payload());
      assertThat(images.get(i).labels()).isEqualTo(expected.get(i).labels());
    }
  }

  @Property(tries = 200)
  void damageCostsNoRecordBesideIt(@ForAll long seed, @ForAll boolean indexed) throws IOException {
    Random random = new Random(seed);
    List<Expected> expected = write(random, true, indexed);
    Expected victim = expected.get(random.nextInt(expected.size()));
    if (victim.offset() == 0) {
      return; // a file that does not begin as RecordIO is refused as a whole
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[victim.offset()] ^= 0x40;
    Files.write(file, bytes);
    List<Long> images = new ArrayList<>();
    List<RecordIo.Refused> refused = new ArrayList<>();
    try (RecordIoReader reader = reader(RecordIoReader.Range.WHOLE, indexed)) {
      for (RecordIo.Entry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry instanceof RecordIo.Refused one) {
          refused.add(one);
        } else {
          images.add(entry.offset());
        }
      }
    }
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0).offset()).isEqualTo(victim.offset());
    assertThat(refused.get(0).detail()).contains("byte " + victim.offset());
    assertThat(images)
        .containsExactlyElementsOf(
            expected.stream().filter(e -> e != victim).map(e -> (long) e.offset()).toList());
  }
}
