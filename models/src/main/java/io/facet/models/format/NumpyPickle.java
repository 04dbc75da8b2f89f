package io.facet.models.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Arrays and scalars of NumPy in pickles, versions 1 and 2, as plain values. */
final class NumpyPickle {
  private static final Set<String> CORE =
      Set.of(
          "numpy.core.multiarray",
          "numpy._core.multiarray",
          "numpy.core.numeric",
          "numpy._core.numeric");

  private NumpyPickle() {}

  /** What the name stands for, or null. */
  static Unpickler.Global find(String module, String name) {
    if (module.equals("numpy")) {
      return switch (name) {
        case "dtype" -> arguments -> new ElementKind(text(arguments.get(0)));
        case "ndarray" -> arguments -> new Array();
        default -> null;
      };
    }
    if (!CORE.contains(module)) {
      return null;
    }
    return switch (name) {
      case "_reconstruct" -> arguments -> new Array();
      case "scalar" -> arguments -> ((ElementKind) arguments.get(0)).scalar(arguments);
      case "_frombuffer" -> NumpyPickle::fromBuffer;
      default -> null;
    };
  }

  /** Protocol 5: {@code (buffer, kind, shape, order)}. */
  private static Object fromBuffer(List<Object> arguments) {
    Array array = new Array();
    array.fill((ElementKind) arguments.get(1), (List<?>) arguments.get(2), arguments.get(0));
    return array;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : (String) value;
  }

  /** Kind of an array's elements: {@code b1, u1, i8, f4, O, S20}. */
  static final class ElementKind implements Unpickler.Built {
    private final char letter;
    private final int bytes;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    private ElementKind(String description) {
      String plain = description.replaceFirst("^[<>|=]", "");
      letter = plain.charAt(0);
      bytes = plain.length() > 1 ? Integer.parseInt(plain.substring(1)) : 8;
      if (description.startsWith(">")) {
        order = ByteOrder.BIG_ENDIAN;
      }
    }

    /** Its state: {@code (version, byte order, ...)}. */
    @Override
    public void build(Object state) {
      if (state instanceof List<?> parts && parts.size() > 1 && text(parts.get(1)).equals(">")) {
        order = ByteOrder.BIG_ENDIAN;
      }
    }

    private Object scalar(List<Object> arguments) {
      return arguments.size() < 2 || !(arguments.get(1) instanceof byte[] data)
          ? Unpickler.NONE
          : next(ByteBuffer.wrap(data).order(order));
    }

    private Object next(ByteBuffer in) {
      if (letter == 'S' || letter == 'V') {
        byte[] value = new byte[bytes];
        in.get(value);
        return value;
      }
      if (letter == 'f') {
        return switch (bytes) {
          case 2 -> (double) ElementType.F16.next(in);
          case 4 -> (double) in.getFloat();
          default -> in.getDouble();
        };
      }
      long number =
          switch (bytes) {
            case 1 -> letter == 'i' ? in.get() : in.get() & 0xFF;
            case 2 -> letter == 'i' ? in.getShort() : in.getShort() & 0xFFFF;
            case 4 -> letter == 'i' ? in.getInt() : in.getInt() & 0xFFFFFFFFL;
            default -> in.getLong();
          };
      return letter == 'b' ? (Object) (number != 0) : (Object) number;
    }
  }

  /** An array, filled after it was made. */
  static final class Array implements Unpickler.Built {
    private ElementKind kind = new ElementKind("V0");
    private byte[] data = {};
    private List<?> objects = List.of();

    private Array() {}

    /** Its state: {@code (version, shape, kind, columns first, data)}. */
    @Override
    public void build(Object state) {
      List<?> parts = (List<?>) state;
      fill((ElementKind) parts.get(2), (List<?>) parts.get(1), parts.get(4));
    }

    private void fill(ElementKind given, List<?> shape, Object content) {
      kind = given;
      if (kind.letter == 'O') {
        objects = (List<?>) content;
        return;
      }
      long count = 1;
      for (Object side : shape) {
        count = Math.multiplyExact(count, (Long) side);
      }
      byte[] bytes = (byte[]) content;
      if (Math.multiplyExact(count, kind.bytes) != bytes.length) {
        throw new IllegalArgumentException("an array whose data do not fill its shape");
      }
      data = bytes;
    }

    /** The elements in the order of the file. */
    List<?> elements() {
      if (kind.letter == 'O') {
        return objects;
      }
      ByteBuffer in = ByteBuffer.wrap(data).order(kind.order);
      List<Object> elements = new ArrayList<>();
      while (in.hasRemaining()) {
        elements.add(kind.next(in));
      }
      return elements;
    }

    /** Whether it holds numbers of one byte, or one text of bytes. */
    boolean holdsBytes() {
      return kind.letter == 'S' || kind.letter == 'V' || (kind.letter != 'O' && kind.bytes == 1);
    }

    /** All its bytes in the order of the file. */
    byte[] bytes() {
      return data;
    }
  }
}
