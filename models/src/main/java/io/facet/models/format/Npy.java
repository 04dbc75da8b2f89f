package io.facet.models.format;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's {@code .npy} format, version 1.0: little-endian float32 and int64 in C order. */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Bytes before the version. */
  private static final int PREFIX = 6;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '(<f4|<i8)', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\),? *\\}\\s*");

  private Npy() {}

  /** An array of a file. */
  public sealed interface Array {
    /** Empty for a scalar. */
    Shape shape();
  }

  /** A float32 array, row-major. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Floats(Shape shape, float[] values) implements Array {}

  /** An int64 array, row-major. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Longs(Shape shape, long[] values) implements Array {}

  /**
   * Reads a file.
   *
   * @throws DataException if it is missing, malformed or of another element type
   */
  public static Array read(Path file) {
    return read(Files.bytes(file), file.toString());
  }

  /** Reads a file that must hold float32. */
  public static Floats readFloats(Path file) {
    if (read(file) instanceof Floats floats) {
      return floats;
    }
    throw new DataException(file + " holds int64, float32 is needed: store it as float32");
  }

  /** Reads a file that must hold int64. */
  public static Longs readLongs(Path file) {
    if (read(file) instanceof Longs longs) {
      return longs;
    }
    throw new DataException(file + " holds float32, int64 is needed: store it as int64");
  }

  /** Reads the bytes of a file; {@code name} is for error messages. */
  public static Array read(byte[] bytes, String name) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    if (bytes.length < MAGIC.length + 2) {
      throw malformed(name, "it is too short");
    }
    in.get(magic);
    if (!Arrays.equals(magic, 0, PREFIX, MAGIC, 0, PREFIX)) {
      throw malformed(name, "it does not begin as one");
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw malformed(
          name,
          "its version is %d.%d; save it again with numpy.save"
              .formatted(magic[PREFIX] & 0xFF, magic[PREFIX + 1] & 0xFF));
    }
    int length = in.getShort() & 0xFFFF;
    if (length > in.remaining()) {
      throw malformed(name, "its header is cut off");
    }
    String header = new String(bytes, in.position(), length, StandardCharsets.ISO_8859_1);
    in.position(in.position() + length);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw malformed(name, "its header is " + header.strip());
    }
    Shape shape = shape(matcher.group(2), name);
    boolean floats = matcher.group(1).equals("<f4");
    if (in.remaining() != shape.size() * (floats ? 4 : 8)) {
      throw malformed(name, "%d bytes of data do not fill %s".formatted(in.remaining(), shape));
    }
    if (floats) {
      float[] values = new float[(int) shape.size()];
      in.asFloatBuffer().get(values);
      return new Floats(shape, values);
    }
    long[] values = new long[(int) shape.size()];
    in.asLongBuffer().get(values);
    return new Longs(shape, values);
  }

  /** The bytes of a file. */
  public static byte[] write(Array array) {
    boolean floats = array instanceof Floats;
    StringBuilder sides = new StringBuilder();
    long[] shape = array.shape().getShape();
    for (int axis = 0; axis < shape.length; axis++) {
      sides.append(axis == 0 ? "" : ", ").append(shape[axis]);
    }
    if (shape.length == 1) {
      sides.append(',');
    }
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(floats ? "<f4" : "<i8", sides);
    int padded = (MAGIC.length + 2 + header.length() + 1 + 63) / 64 * 64 - MAGIC.length - 2;
    header = header + " ".repeat(padded - 1 - header.length()) + "\n";
    int size = Math.toIntExact(array.shape().size() * (floats ? 4 : 8));
    ByteBuffer out =
        ByteBuffer.allocate(MAGIC.length + 2 + padded + size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putShort((short) padded).put(header.getBytes(StandardCharsets.ISO_8859_1));
    if (array instanceof Floats given) {
      out.asFloatBuffer().put(given.values());
    } else if (array instanceof Longs given) {
      out.asLongBuffer().put(given.values());
    }
    return out.array();
  }

  private static Shape shape(String sides, String name) {
    String[] parts = sides.isBlank() ? new String[0] : sides.strip().split(" *, *", 0);
    long[] shape = new long[parts.length];
    long size = 1;
    try {
      for (int axis = 0; axis < parts.length; axis++) {
        shape[axis] = Long.parseLong(parts[axis]);
        size = Math.multiplyExact(size, Math.max(1, shape[axis]));
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new DataException(name + " is no usable .npy file: its shape is (" + sides + ")", e);
    }
    if (size > Integer.MAX_VALUE / 8) {
      throw malformed(name, "its shape (" + sides + ") is too large");
    }
    return new Shape(shape);
  }

  private static DataException malformed(String name, String why) {
    return new DataException(
        name + " is no usable .npy file (version 1.0, <f4 or <i8, C order): " + why);
  }
}
