package io.facet.models.format;

import io.facet.models.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * InsightFace's training sets: MXNet's RecordIO ({@code train.rec}) with an index ({@code
 * train.idx}: key, tab, byte offset).
 *
 * <p>Record 0 of such a set is not an image: its labels are the first key behind the images and the
 * end of the identity records. A file whose record 0 has no label list holds images only.
 *
 * <p>May be shared between threads.
 */
public final class RecordIo implements AutoCloseable {
  private static final int MAGIC = 0xCED7230A;
  private static final int HEADER = 24;

  private final String name;
  private final FileChannel channel;
  private final TreeMap<Long, Long> offsets;
  private final List<Long> images;

  /**
   * One image.
   *
   * @param key in the index
   * @param labels the identity first
   * @param payload the encoded image
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Image(long key, float[] labels, byte[] payload) {}

  private RecordIo(String name, FileChannel channel, TreeMap<Long, Long> offsets) {
    this.name = name;
    this.channel = channel;
    this.offsets = offsets;
    images = images();
  }

  /**
   * Opens a set by its {@code .rec} file; the index is the {@code .idx} file beside it.
   *
   * @throws DataException if a file is missing or malformed
   */
  public static RecordIo open(Path rec) {
    return open(rec, index(rec));
  }

  /** The {@code .idx} file beside a {@code .rec} file. */
  public static Path index(Path rec) {
    String file = rec.getFileName().toString();
    String stem = file.endsWith(".rec") ? file.substring(0, file.length() - 4) : file;
    return rec.resolveSibling(stem + ".idx");
  }

  /** Opens a set by both files. */
  public static RecordIo open(Path rec, Path idx) {
    TreeMap<Long, Long> offsets = offsets(idx);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(rec);
      return new RecordIo(rec.toString(), channel, offsets);
    } catch (NoSuchFileException e) {
      throw new DataException(rec + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(rec + " cannot be read: " + Files.why(e), e);
    } catch (DataException e) {
      close(channel, e);
      throw e;
    }
  }

  private static void close(FileChannel channel, DataException cause) {
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Keys of all images, ascending. */
  public List<Long> keys() {
    return images;
  }

  /**
   * One image.
   *
   * @throws DataException if the record is missing, cut off or damaged; names its key
   */
  public Image read(long key) {
    return record(key);
  }

  /**
   * The identity of one image, without reading the image.
   *
   * @throws DataException if the record is missing, cut off or damaged; names its key
   */
  public long identity(long key) {
    Long offset = offsets.get(key);
    if (offset == null) {
      throw new DataException(name + ": the index has no record " + key);
    }
    ByteBuffer start = read(key, offset, 8 + HEADER);
    int length = part(key, start, true).length();
    if (length < HEADER) {
      throw damaged(key, "has %d bytes, fewer than its header".formatted(length));
    }
    int labels = start.getInt();
    float label = start.getFloat();
    if (labels < 0 || labels > (length - HEADER) / 4) {
      throw damaged(key, "announces %d labels in %d bytes".formatted(labels, length - HEADER));
    }
    return whole(key, labels == 0 ? label : read(key, offset + 8 + HEADER, 4).getFloat());
  }

  /** Labels are stored as floating point and mean whole numbers. */
  private long whole(long key, float label) {
    if (label != Math.rint(label) || Float.isInfinite(label)) {
      throw new DataException(
          "%s record %d has the label %s, which is not a whole number; number the identities 0, 1, 2 ..."
              .formatted(name, key, label));
    }
    return (long) label;
  }

  private Image record(long key) {
    Long offset = offsets.get(key);
    if (offset == null) {
      throw new DataException(name + ": the index has no record " + key);
    }
    byte[] content = content(key, offset);
    if (content.length < HEADER) {
      throw damaged(key, "has %d bytes, fewer than its header".formatted(content.length));
    }
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int flag = in.getInt();
    float label = in.getFloat();
    in.position(HEADER);
    if (flag < 0 || flag > in.remaining() / 4) {
      throw damaged(key, "announces %d labels in %d bytes".formatted(flag, in.remaining()));
    }
    float[] labels = flag == 0 ? new float[] {label} : new float[flag];
    for (int i = 0; i < flag; i++) {
      labels[i] = in.getFloat();
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new Image(key, labels, payload);
  }

  /**
   * Joins the parts of a record: where a payload holds the magic word at a multiple of 4 bytes, the
   * writer cuts it out and starts a new part.
   */
  private byte[] content(long key, long offset) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    long position = offset;
    boolean first = true;
    while (true) {
      Part part = part(key, read(key, position, 8), first);
      if (!first) {
        joined.writeBytes(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC).array());
      }
      joined.writeBytes(read(key, position + 8, part.length()).array());
      if (part.last()) {
        return joined.toByteArray();
      }
      position += 8 + (part.length() + 3L) / 4 * 4;
      first = false;
    }
  }

  private record Part(int length, boolean last) {}

  /** Reads the magic word, the flag and the length of one part of a record. */
  private Part part(long key, ByteBuffer head, boolean first) {
    int magic = head.getInt();
    if (magic != MAGIC) {
      Impostor.refuse(read(key, 0, (int) Math.min(Impostor.BYTES, size())).array(), name);
      throw damaged(key, "begins with 0x%08x instead of the magic word".formatted(magic));
    }
    int word = head.getInt();
    int flag = word >>> 29; // 0 whole, 1 first, 2 middle, 3 last
    if (flag > 3) {
      throw damaged(key, "has a part of unknown kind " + flag);
    }
    if (first != (flag == 0 || flag == 1)) {
      throw damaged(key, "has parts in wrong order");
    }
    return new Part(word & (1 << 29) - 1, flag == 0 || flag == 3);
  }

  private ByteBuffer read(long key, long position, int length) {
    try {
      if (position < 0 || position + length > channel.size()) {
        throw damaged(
            key, "ends at byte %d of a file of %d".formatted(position + length, channel.size()));
      }
      ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw damaged(key, "is cut off");
        }
      }
      return buffer.flip();
    } catch (IOException e) {
      throw new DataException(name + " record " + key + " cannot be read: " + Files.why(e), e);
    }
  }

  private long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new DataException(name + " cannot be read: " + Files.why(e), e);
    }
  }

  private List<Long> images() {
    if (offsets.containsKey(0L)) {
      Image head = record(0);
      if (head.labels().length >= 2 && head.payload().length == 0) {
        long end = Math.max(1, (long) head.labels()[0]);
        return List.copyOf(offsets.subMap(1L, end).keySet());
      }
    }
    return List.copyOf(offsets.keySet());
  }

  private static TreeMap<Long, Long> offsets(Path idx) {
    TreeMap<Long, Long> offsets = new TreeMap<>();
    byte[] bytes = Files.bytes(idx);
    Impostor.refuse(Arrays.copyOf(bytes, Math.min(bytes.length, Impostor.BYTES)), idx.toString());
    List<String> lines = new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String[] parts = lines.get(i).strip().split("\\s+", -1);
      try {
        if (parts.length == 2
            && offsets.put(Long.parseLong(parts[0]), Long.parseLong(parts[1])) == null) {
          continue;
        }
      } catch (NumberFormatException e) {
        throw malformed(idx, i, e);
      }
      throw malformed(idx, i, null);
    }
    if (offsets.isEmpty()) {
      throw new DataException(idx + " lists no record; fetch the set again");
    }
    return offsets;
  }

  private static DataException malformed(Path idx, int line, Throwable cause) {
    return new DataException(
        "%s line %d must hold a new key and an offset; fetch the set again"
            .formatted(idx, line + 1),
        cause);
  }

  private DataException damaged(long key, String what) {
    return new DataException("%s record %d %s; fetch the set again".formatted(name, key, what));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException(name + " cannot be closed: " + Files.why(e), e);
    }
  }
}
