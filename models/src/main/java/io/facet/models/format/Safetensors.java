package io.facet.models.format;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The safetensors format: 8 bytes header length (little-endian), a JSON header that gives each
 * tensor's type, shape and byte range, then the bytes of all tensors without gap or overlap.
 */
public final class Safetensors {
  private static final String METADATA = "__metadata__";
  private static final int LONGEST_HEADER = 100_000_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Safetensors() {}

  /**
   * Reads a file.
   *
   * @throws DataException if it is missing, malformed or holds NaN or infinity
   */
  public static TensorFile read(Path file) {
    return read(Files.bytes(file), file.toString());
  }

  /** Reads the bytes of a file. */
  public static TensorFile read(byte[] bytes) {
    return read(bytes, "safetensors data");
  }

  /**
   * Reads the bytes of a file.
   *
   * @param name of the file, for error messages
   * @throws DataException if they are malformed or hold NaN or infinity
   */
  public static TensorFile read(byte[] bytes, String name) {
    JsonNode header = header(bytes, name);
    return new TensorFile(
        StoredTensor.widen(tensors(bytes, header, name), name), metadata(header, name));
  }

  /** The tensors as stored, sorted by name. Unlike {@link #read}, lets NaN and infinity pass. */
  public static List<StoredTensor> readStored(byte[] bytes, String name) {
    List<StoredTensor> tensors = tensors(bytes, header(bytes, name), name);
    tensors.sort(Comparator.comparing(StoredTensor::name));
    return tensors;
  }

  /**
   * The bytes of a file: names sorted, so that equal contents give equal bytes.
   *
   * @param tensors by full name; the name inside the record is not used
   * @throws IllegalArgumentException if a tensor is neither F32 nor I64, or is not finite
   */
  public static byte[] write(Map<String, FloatTensor> tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(METADATA);
      new TreeMap<>(metadata).forEach(texts::put);
    }
    Map<String, FloatTensor> sorted = new TreeMap<>(tensors);
    long end = 0;
    for (Map.Entry<String, FloatTensor> entry : sorted.entrySet()) {
      FloatTensor tensor = entry.getValue();
      ObjectNode description = header.putObject(entry.getKey());
      description.put("dtype", tensor.type().name());
      var shape = description.putArray("shape");
      for (long side : tensor.shape().getShape()) {
        shape.add(side);
      }
      var range = description.putArray("data_offsets").add(end);
      end += (long) tensor.values().length * tensor.type().bytes();
      range.add(end);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(8 + padded + end)).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(json);
    while (out.position() < 8 + padded) {
      out.put((byte) ' ');
    }
    sorted.forEach((name, tensor) -> put(out, name, tensor));
    return out.array();
  }

  private static void put(ByteBuffer out, String name, FloatTensor tensor) {
    for (float value : tensor.values()) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("tensor '" + name + "' holds " + value);
      }
      switch (tensor.type()) {
        case F32 -> out.putFloat(value);
        case I64 -> out.putLong((long) value);
        default -> throw new IllegalArgumentException("cannot write " + tensor.type());
      }
    }
  }

  private static JsonNode header(byte[] bytes, String name) {
    if (bytes.length < 9 || bytes[8] != '{') {
      Impostor.refuse(Arrays.copyOf(bytes, Math.min(bytes.length, Impostor.BYTES)), name);
    }
    if (bytes.length < 8) {
      throw malformed(name, "has " + bytes.length + " bytes, fewer than the header length needs");
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_HEADER || length > bytes.length - 8) {
      throw malformed(
          name, "says its header has %d bytes, but %d follow".formatted(length, bytes.length - 8));
    }
    try {
      JsonNode header = JSON.readTree(new String(bytes, 8, (int) length, StandardCharsets.UTF_8));
      if (!header.isObject()) {
        throw malformed(name, "has a header that is not a JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new DataException(
          name + " is not a safetensors file: its header is not valid JSON; fetch it again", e);
    }
  }

  private static Map<String, String> metadata(JsonNode header, String name) {
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header.path(METADATA).properties()) {
      if (!entry.getValue().isTextual()) {
        throw malformed(name, "has metadata '" + entry.getKey() + "' that is not text");
      }
      metadata.put(entry.getKey(), entry.getValue().textValue());
    }
    return metadata;
  }

  private record Range(StoredTensorHead head, long begin, long end) {}

  private record StoredTensorHead(String name, ElementType type, Shape shape) {}

  private static List<StoredTensor> tensors(byte[] bytes, JsonNode header, String name) {
    List<Range> ranges = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        ranges.add(range(entry.getKey(), entry.getValue(), name));
      }
    }
    ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
    int start = 8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long expected = 0;
    List<StoredTensor> tensors = new ArrayList<>();
    for (Range range : ranges) {
      String tensor = range.head().name();
      if (range.begin() != expected) {
        throw malformed(
            name,
            "places tensor '%s' at byte %d, but the one before it ends at %d"
                .formatted(tensor, range.begin(), expected));
      }
      if (range.end() > bytes.length - start) {
        throw malformed(
            name,
            "is cut off: tensor '%s' ends at byte %d of %d"
                .formatted(tensor, range.end(), bytes.length - start));
      }
      byte[] data = new byte[(int) (range.end() - range.begin())];
      System.arraycopy(bytes, start + (int) range.begin(), data, 0, data.length);
      tensors.add(new StoredTensor(tensor, range.head().type(), range.head().shape(), data));
      expected = range.end();
    }
    if (expected != bytes.length - start) {
      throw malformed(
          name,
          "has %d bytes of data, its tensors need %d".formatted(bytes.length - start, expected));
    }
    return tensors;
  }

  private static Range range(String tensor, JsonNode description, String name) {
    String typeName = description.path("dtype").asText();
    ElementType type =
        ElementType.named(typeName)
            .orElseThrow(
                () ->
                    malformed(
                        name,
                        "gives tensor '%s' the unknown type '%s'".formatted(tensor, typeName)));
    long[] shape = numbers(description.path("shape"), tensor, "shape", name);
    long[] offsets = numbers(description.path("data_offsets"), tensor, "data_offsets", name);
    long size = type.bytes();
    try {
      for (long side : shape) {
        size = Math.multiplyExact(size, side);
      }
    } catch (ArithmeticException e) {
      throw new DataException(name + ": tensor '" + tensor + "' is too large; fetch it again", e);
    }
    if (offsets.length != 2 || offsets[1] - offsets[0] != size || size > Integer.MAX_VALUE) {
      throw malformed(
          name,
          "gives tensor '%s' %s the byte range %s"
              .formatted(tensor, description.path("shape"), description.path("data_offsets")));
    }
    return new Range(new StoredTensorHead(tensor, type, new Shape(shape)), offsets[0], offsets[1]);
  }

  private static long[] numbers(JsonNode array, String tensor, String field, String name) {
    long[] numbers = new long[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = array.get(i);
      if (number == null || !number.canConvertToLong() || number.longValue() < 0) {
        throw malformed(name, "has no valid %s of tensor '%s'".formatted(field, tensor));
      }
      numbers[i] = number.longValue();
    }
    if (!array.isArray()) {
      throw malformed(name, "has no %s of tensor '%s'".formatted(field, tensor));
    }
    return numbers;
  }

  private static DataException malformed(String name, String what) {
    return new DataException(
        name + " is not a usable safetensors file: it " + what + "; fetch it again");
  }
}
