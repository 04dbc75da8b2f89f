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

/** NumPy's {@code .npy} format, version 1.0: little-endian float32, float64 and int64. */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Bytes before the version. */
  private static final int PREFIX = 6;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '(<f4|<f8|<i8)', 'fortran_order': (False|True), 'shape': \\(([0-9, ]*)\\),? *\\}\\s*");

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

  /** Reads the bytes of a float32 or int64 file; {@code name} is for error messages. */
  public static Array read(byte[] bytes, String name) {
    StoredTensor stored = readStored(bytes, name);
    if (stored.type() == ElementType.F32) {
      return new Floats(stored.shape(), stored.floats());
    }
    if (stored.type() == ElementType.F64) {
      throw malformed(name, "it holds <f8, store it as float32");
    }
    long[] values = new long[(int) stored.shape().size()];
    ByteBuffer.wrap(stored.data()).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
    return new Longs(stored.shape(), values);
  }

  /** Whether a file that begins so is one of this format, of whatever version. */
  static boolean begins(byte[] start) {
    return start.length >= 6 && Arrays.equals(start, 0, 6, MAGIC, 0, 6);
  }

  /** The array as stored but in C order; its name is empty. */
  static StoredTensor readStored(byte[] bytes, String name) {
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
    Shape shape = shape(matcher.group(3), name);
    ElementType type =
        switch (matcher.group(1)) {
          case "<f4" -> ElementType.F32;
          case "<f8" -> ElementType.F64;
          default -> ElementType.I64;
        };
    if (in.remaining() != shape.size() * type.bytes()) {
      throw malformed(name, "%d bytes of data do not fill %s".formatted(in.remaining(), shape));
    }
    byte[] data = new byte[in.remaining()];
    in.get(data);
    boolean columns = matcher.group(2).equals("True");
    return new StoredTensor(
        "", type, shape, columns ? rowMajor(data, shape.getShape(), type.bytes()) : data);
  }

  /** From Fortran's order, in which the first index runs fastest. */
  private static byte[] rowMajor(byte[] data, long[] shape, int size) {
    byte[] rows = new byte[data.length];
    long[] index = new long[shape.length];
    for (int i = 0; i < data.length / size; i++) {
      long from = 0;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from = from * shape[axis] + index[axis];
      }
      System.arraycopy(data, (int) from * size, rows, i * size, size);
      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return rows;
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
      throw new DataException(name + " is not a usable .npy file: its shape is (" + sides + ")", e);
    }
    if (size > Integer.MAX_VALUE / 8) {
      throw malformed(name, "its shape (" + sides + ") is too large");
    }
    return new Shape(shape);
  }

  private static DataException malformed(String name, String why) {
    return new DataException(
        name
            + " is not a usable .npy file (version 1.0, little-endian float32, float64 or int64): "
            + why);
  }
}
