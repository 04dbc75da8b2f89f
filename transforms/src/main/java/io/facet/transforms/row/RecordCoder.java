package io.facet.transforms.row;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The coder of every row: the components in order, big-endian numbers, lengths as variable-length
 * integers, text as {@link TextCoder} has it, enums by name. Deterministic. {@link #canonicalBytes}
 * differ in the text alone, which is UTF-8 there. Beam finds it by itself ({@link
 * RecordCoderRegistrar}).
 */
public final class RecordCoder<T> extends CustomCoder<T> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;
  private transient volatile RowType<T> rowType;

  private RecordCoder(RowType<T> rowType) {
    this.type = rowType.type();
    this.rowType = rowType;
  }

  /**
   * The coder of a record class.
   *
   * @throws IllegalArgumentException if a component has a type rows cannot hold
   */
  public static <T> RecordCoder<T> of(Class<T> type) {
    return new RecordCoder<>(RowType.of(type));
  }

  /** The canonical bytes of a row, which {@link TableDigest} hashes. */
  public byte[] canonicalBytes(T row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      encode(row, StringUtf8Coder.of(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void encode(T row, OutputStream outStream) throws IOException {
    encode(row, TextCoder.of(), outStream);
  }

  private void encode(T row, Coder<String> texts, OutputStream outStream) throws IOException {
    if (row == null) {
      throw new CoderException("a null " + type.getSimpleName() + " cannot be encoded");
    }
    RowType<T> rows = rowType();
    Object[] values;
    try {
      values = rows.values(row);
    } catch (NullPointerException e) {
      throw new CoderException(e.getMessage(), e);
    }
    DataOutputStream out = new DataOutputStream(outStream);
    for (int i = 0; i < values.length; i++) {
      write(rows.columns().get(i).kind(), values[i], texts, out);
    }
    out.flush();
  }

  @Override
  public T decode(InputStream inStream) throws IOException {
    RowType<T> rows = rowType();
    DataInputStream in = new DataInputStream(inStream);
    Object[] values = new Object[rows.columns().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(rows.columns().get(i), in);
    }
    return rows.row(values);
  }

  private static void write(
      ColumnKind kind, Object value, Coder<String> texts, DataOutputStream out) throws IOException {
    switch (kind) {
      case STRING -> texts.encode((String) value, out);
      case INT -> out.writeInt((Integer) value);
      case LONG -> out.writeLong((Long) value);
      case FLOAT -> out.writeFloat((Float) value);
      case DOUBLE -> out.writeDouble((Double) value);
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case BYTES -> writeBytes((byte[]) value, out);
      case FLOATS -> {
        float[] floats = (float[]) value;
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(floats.length, Float.BYTES));
        for (float number : floats) {
          buffer.putInt(Float.floatToIntBits(number));
        }
        VarInt.encode(floats.length, out);
        out.write(buffer.array());
      }
      case INTS -> {
        int[] numbers = (int[]) value;
        VarInt.encode(numbers.length, out);
        for (int number : numbers) {
          out.writeInt(number);
        }
      }
      case STRINGS -> {
        List<?> list = (List<?>) value;
        VarInt.encode(list.size(), out);
        for (Object text : list) {
          texts.encode((String) text, out);
        }
      }
      case ENUM -> texts.encode(((Enum<?>) value).name(), out);
    }
  }

  private static Object read(RowType.Column column, DataInputStream in) throws IOException {
    return switch (column.kind()) {
      case STRING -> TextCoder.of().decode(in);
      case INT -> in.readInt();
      case LONG -> in.readLong();
      case FLOAT -> in.readFloat();
      case DOUBLE -> in.readDouble();
      case BOOLEAN -> in.readBoolean();
      case BYTES -> readBytes(VarInt.decodeInt(in), in);
      case FLOATS -> {
        float[] floats = new float[VarInt.decodeInt(in)];
        ByteBuffer.wrap(readBytes(floats.length * Float.BYTES, in)).asFloatBuffer().get(floats);
        yield floats;
      }
      case INTS -> {
        int[] numbers = new int[VarInt.decodeInt(in)];
        ByteBuffer.wrap(readBytes(numbers.length * Integer.BYTES, in)).asIntBuffer().get(numbers);
        yield numbers;
      }
      case STRINGS -> {
        int size = VarInt.decodeInt(in);
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          texts.add(TextCoder.of().decode(in));
        }
        yield List.copyOf(texts);
      }
      case ENUM -> enumConstant(column.type(), TextCoder.of().decode(in));
    };
  }

  /** The constant of that name. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static Object enumConstant(Class<?> type, String name) {
    return Enum.valueOf((Class<? extends Enum>) type, name);
  }

  private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  /** So many bytes; an error if there are fewer. */
  static byte[] readBytes(int length, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new EOFException("row ends after %d of %d bytes".formatted(bytes.length, length));
    }
    return bytes;
  }

  private RowType<T> rowType() {
    RowType<T> known = rowType;
    if (known == null) {
      known = RowType.of(type);
      rowType = known;
    }
    return known;
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return rowType().columns().stream()
        .map(RowType.Column::kind)
        .noneMatch(
            kind ->
                kind == ColumnKind.BYTES || kind == ColumnKind.FLOATS || kind == ColumnKind.INTS);
  }

  @Override
  public TypeDescriptor<T> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordCoder<?> coder && coder.type == type;
  }

  @Override
  public int hashCode() {
    return Objects.hash(RecordCoder.class, type);
  }

  @Override
  public String toString() {
    return "RecordCoder(" + type.getSimpleName() + ")";
  }
}
