package io.facet.models.format;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names a state dict's pickle may use, and the tensors they describe. */
final class TorchPickle implements Unpickler.Globals {
  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "DoubleStorage", ElementType.F64,
          "FloatStorage", ElementType.F32,
          "HalfStorage", ElementType.F16,
          "BFloat16Storage", ElementType.BF16,
          "LongStorage", ElementType.I64,
          "IntStorage", ElementType.I32,
          "ShortStorage", ElementType.I16,
          "CharStorage", ElementType.I8,
          "ByteStorage", ElementType.U8,
          "BoolStorage", ElementType.BOOL);

  /** Harmless values beside the weights of a checkpoint; none of them is looked at. */
  private static final Set<String> IGNORED =
      Set.of(
          "torch device",
          "torch Size",
          "argparse Namespace",
          "datetime datetime",
          "datetime date",
          "datetime timedelta",
          "pathlib Path",
          "pathlib PosixPath",
          "pathlib PurePosixPath",
          "pathlib WindowsPath",
          "pathlib PureWindowsPath",
          "pathlib._local PosixPath",
          "pathlib._local WindowsPath");

  /** Dictionaries of options that trainers write. */
  private static final Set<String> DICTIONARIES =
      Set.of(
          "lightning_fabric.utilities.data AttributeDict",
          "lightning.fabric.utilities.data AttributeDict",
          "pytorch_lightning.utilities.parsing AttributeDict",
          "easydict EasyDict");

  private static final Set<String> TYPES =
      Set.of(
          "float64",
          "float32",
          "float16",
          "bfloat16",
          "int64",
          "int32",
          "int16",
          "int8",
          "uint8",
          "bool",
          "strided");

  private final String file;
  private final Map<String, Storage> storages = new LinkedHashMap<>();

  TorchPickle(String file) {
    this.file = file;
  }

  /** All storages the pickle referred to. */
  Collection<Storage> storages() {
    return storages.values();
  }

  @Override
  public Unpickler.Global find(String module, String name) {
    if (module.equals("torch") && STORAGES.containsKey(name)) {
      return new StorageType(STORAGES.get(name));
    }
    return switch (module + " " + name) {
      case "torch._utils _rebuild_tensor", "torch._utils _rebuild_tensor_v2" -> this::tensor;
      case "torch._utils _rebuild_parameter", "torch._utils _rebuild_parameter_with_state" ->
          arguments -> arguments.get(0);
      case "torch._utils _rebuild_qtensor", "torch qint8", "torch quint8", "torch qint32" ->
          throw new DataException(
              file + " holds quantised weights; convert it to float32 before use");
      default -> beside(module, name);
    };
  }

  /** What stands beside the weights. */
  private static Unpickler.Global beside(String module, String name) {
    String full = module + " " + name;
    if (IGNORED.contains(full) || (module.equals("torch") && TYPES.contains(name))) {
      return arguments -> Unpickler.NONE;
    }
    return DICTIONARIES.contains(full)
        ? arguments -> new LinkedHashMap<Object, Object>()
        : PlainGlobals.find(module, name);
  }

  /** Id: {@code ('storage', type, key, device, elements[, view])}. */
  @Override
  public Object persistent(Object id) {
    if (!(id instanceof List<?> parts)
        || parts.size() < 5
        || !"storage".equals(text(parts.get(0)))
        || !(parts.get(1) instanceof StorageType type)
        || !(parts.get(4) instanceof Long elements)
        || elements < 0) {
      throw new IllegalArgumentException("malformed storage");
    }
    if (parts.size() > 5 && parts.get(5) != Unpickler.NONE) {
      throw new IllegalArgumentException("view of a storage");
    }
    return storages.computeIfAbsent(
        text(parts.get(2)), key -> new Storage(key, type.type(), elements));
  }

  static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    if (value instanceof String || value instanceof Number) {
      return value.toString();
    }
    throw new IllegalArgumentException("storage without key");
  }

  private Object tensor(List<Object> arguments) {
    if (!(arguments.get(0) instanceof Storage storage)) {
      throw new IllegalArgumentException("tensor without storage");
    }
    return new Tensor(
        storage,
        (Long) arguments.get(1),
        numbers((List<?>) arguments.get(2)),
        numbers((List<?>) arguments.get(3)));
  }

  private static long[] numbers(List<?> values) {
    return values.stream().mapToLong(value -> (Long) value).toArray();
  }

  /** A class of storages; never called. */
  private record StorageType(ElementType type) implements Unpickler.Global {
    @Override
    public Object call(List<Object> arguments) {
      throw new IllegalArgumentException("storage inside the pickle");
    }
  }

  /** A flat run of elements, filled after the pickle is read. */
  static final class Storage {
    private final String key;
    private final ElementType type;
    private final long elements;
    private byte[] data = {};

    private Storage(String key, ElementType type, long elements) {
      this.key = key;
      this.type = type;
      this.elements = elements;
    }

    String key() {
      return key;
    }

    long elements() {
      return elements;
    }

    long byteCount() {
      try {
        return Math.multiplyExact(elements, type.bytes());
      } catch (ArithmeticException e) {
        throw new DataException("a storage of " + elements + " elements is too large", e);
      }
    }

    void fill(byte[] bytes, String file) {
      if (bytes.length != byteCount()) {
        throw new DataException(
            "%s is cut off: storage %s has %d of %d bytes; fetch it again"
                .formatted(file, key, bytes.length, byteCount()));
      }
      data = bytes;
    }
  }

  /** A strided view of a storage; offset and strides count elements. */
  @SuppressWarnings("ArrayRecordComponent")
  record Tensor(Storage storage, long offset, long[] shape, long[] strides) {

    /** The elements in row-major order. */
    StoredTensor stored(String name, String file) {
      int count = checkedCount(name, file);
      int size = storage.type.bytes();
      byte[] data = new byte[count * size];
      long[] index = new long[shape.length];
      for (int i = 0; i < count; i++) {
        long element = offset;
        for (int axis = 0; axis < shape.length; axis++) {
          element += index[axis] * strides[axis];
        }
        System.arraycopy(storage.data, (int) element * size, data, i * size, size);
        for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
          index[axis] = 0;
        }
      }
      return new StoredTensor(name, storage.type, new Shape(shape), data);
    }

    private int checkedCount(String name, String file) {
      long count = 1;
      long last = offset;
      boolean sane = offset >= 0 && shape.length == strides.length;
      try {
        for (int axis = 0; sane && axis < shape.length; axis++) {
          sane = shape[axis] >= 0 && strides[axis] >= 0;
          count = Math.multiplyExact(count, shape[axis]);
          last =
              Math.addExact(last, Math.multiplyExact(Math.max(0, shape[axis] - 1), strides[axis]));
        }
      } catch (ArithmeticException e) {
        sane = false;
      }
      if (!sane || count > storage.elements || (count > 0 && last >= storage.elements)) {
        throw new DataException(
            "%s: tensor '%s' of shape %s does not fit its storage of %d elements; fetch it again"
                .formatted(file, name, Arrays.toString(shape), storage.elements));
      }
      return (int) count;
    }
  }
}
