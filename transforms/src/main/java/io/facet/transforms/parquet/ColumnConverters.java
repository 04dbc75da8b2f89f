package io.facet.transforms.parquet;

import io.facet.models.DataException;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.RowType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Parquet converters that put one column's values into a slot of the row under construction. */
final class ColumnConverters {
  private ColumnConverters() {}

  /** The converter of a column of that Parquet type. */
  static Converter of(RowType.Column column, Type type, Object[] values, int slot) {
    PrimitiveTypeName expected =
        switch (column.kind()) {
          case STRING, BYTES, ENUM, STRINGS -> PrimitiveTypeName.BINARY;
          case INT, INTS -> PrimitiveTypeName.INT32;
          case LONG -> PrimitiveTypeName.INT64;
          case FLOAT, FLOATS -> PrimitiveTypeName.FLOAT;
          case DOUBLE -> PrimitiveTypeName.DOUBLE;
          case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
        };
    return switch (column.kind()) {
      case FLOATS, INTS, STRINGS -> list(column, type, expected, values, slot);
      default -> {
        check(column, type, expected);
        yield new Scalar(column, values, slot);
      }
    };
  }

  private static Converter list(
      RowType.Column column, Type type, PrimitiveTypeName expected, Object[] values, int slot) {
    if (type.isPrimitive() || type.asGroupType().getFieldCount() != 1) {
      throw mismatch(column, type);
    }
    Type repeated = type.asGroupType().getType(0);
    Type element = repeated.isPrimitive() ? repeated : repeated.asGroupType().getType(0);
    check(column, element, expected);
    Elements elements =
        switch (column.kind()) {
          case FLOATS -> new Floats();
          case INTS -> new Ints();
          default -> new Texts();
        };
    Converter inner = repeated.isPrimitive() ? elements : new Wrapper(elements);
    return new GroupConverter() {
      @Override
      public Converter getConverter(int index) {
        return inner;
      }

      @Override
      public void start() {
        elements.reset();
      }

      @Override
      public void end() {
        values[slot] = elements.value();
      }
    };
  }

  private static void check(RowType.Column column, Type type, PrimitiveTypeName expected) {
    if (!type.isPrimitive() || type.asPrimitiveType().getPrimitiveTypeName() != expected) {
      throw mismatch(column, type);
    }
  }

  private static DataException mismatch(RowType.Column column, Type type) {
    return new DataException(
        "its column '%s' is %s, which is not %s"
            .formatted(column.name(), type.toString().replace('\n', ' '), column.kind()));
  }

  private static final class Scalar extends PrimitiveConverter {
    private final RowType.Column column;
    private final Object[] values;
    private final int slot;

    Scalar(RowType.Column column, Object[] values, int slot) {
      this.column = column;
      this.values = values;
      this.slot = slot;
    }

    @Override
    public void addBinary(Binary value) {
      values[slot] =
          switch (column.kind()) {
            case BYTES -> value.getBytes();
            case ENUM -> RecordCoder.enumConstant(column.type(), value.toStringUsingUTF8());
            default -> value.toStringUsingUTF8();
          };
    }

    @Override
    public void addBoolean(boolean value) {
      values[slot] = value;
    }

    @Override
    public void addDouble(double value) {
      values[slot] = value;
    }

    @Override
    public void addFloat(float value) {
      values[slot] = value;
    }

    @Override
    public void addInt(int value) {
      values[slot] = value;
    }

    @Override
    public void addLong(long value) {
      values[slot] = value;
    }
  }

  /** The group between a list and its elements in Parquet's three-level lists. */
  private static final class Wrapper extends GroupConverter {
    private final Converter element;

    Wrapper(Converter element) {
      this.element = element;
    }

    @Override
    public Converter getConverter(int index) {
      return element;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private abstract static class Elements extends PrimitiveConverter {
    abstract void reset();

    abstract Object value();
  }

  private static final class Floats extends Elements {
    private float[] buffer = new float[16];
    private int size;

    @Override
    public void addFloat(float value) {
      if (size == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * size);
      }
      buffer[size++] = value;
    }

    @Override
    void reset() {
      size = 0;
    }

    @Override
    Object value() {
      return Arrays.copyOf(buffer, size);
    }
  }

  private static final class Ints extends Elements {
    private int[] buffer = new int[16];
    private int size;

    @Override
    public void addInt(int value) {
      if (size == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * size);
      }
      buffer[size++] = value;
    }

    @Override
    void reset() {
      size = 0;
    }

    @Override
    Object value() {
      return Arrays.copyOf(buffer, size);
    }
  }

  private static final class Texts extends Elements {
    private final List<String> texts = new ArrayList<>();

    @Override
    public void addBinary(Binary value) {
      texts.add(value.toStringUsingUTF8());
    }

    @Override
    void reset() {
      texts.clear();
    }

    @Override
    Object value() {
      return List.copyOf(texts);
    }
  }
}
