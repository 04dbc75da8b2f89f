package io.facet.transforms.row;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The Avro face of a row type: snake_case columns, no nulls, enums as text. Parquet's Avro bridge
 * turns it into the file's schema.
 */
public final class RowSchema {
  private RowSchema() {}

  /** The schema of a record class. */
  public static Schema of(RowType<?> type) {
    List<Schema.Field> fields = new ArrayList<>();
    for (RowType.Column column : type.columns()) {
      fields.add(new Schema.Field(column.name(), schema(column.kind())));
    }
    return Schema.createRecord(
        type.type().getSimpleName(), null, type.type().getPackageName(), false, fields);
  }

  /** A row as an Avro record. Arrays stay primitive arrays: Parquet's writer takes them as such. */
  public static <T> GenericRecord toAvro(RowType<T> type, Schema schema, T row) {
    GenericData.Record avro = new GenericData.Record(schema);
    Object[] values = type.values(row);
    for (int i = 0; i < values.length; i++) {
      avro.put(
          i,
          switch (type.columns().get(i).kind()) {
            case BYTES -> ByteBuffer.wrap((byte[]) values[i]);
            case ENUM -> ((Enum<?>) values[i]).name();
            default -> values[i];
          });
    }
    return avro;
  }

  /** The row of an Avro record. */
  public static <T> T fromAvro(RowType<T> type, GenericRecord avro) {
    Object[] values = new Object[type.columns().size()];
    for (int i = 0; i < values.length; i++) {
      RowType.Column column = type.columns().get(i);
      values[i] = fromAvro(column, avro.get(column.name()));
    }
    return type.row(values);
  }

  private static Object fromAvro(RowType.Column column, Object value) {
    return switch (column.kind()) {
      case STRING -> value.toString();
      case BYTES -> bytes((ByteBuffer) value);
      case FLOATS -> value instanceof float[] ? value : floats((Collection<?>) value);
      case INTS -> value instanceof int[] ? value : ints((Collection<?>) value);
      case STRINGS -> ((Collection<?>) value).stream().map(Object::toString).toList();
      case ENUM -> RecordCoder.enumConstant(column.type(), value.toString());
      default -> value;
    };
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static float[] floats(Collection<?> boxed) {
    float[] floats = new float[boxed.size()];
    int i = 0;
    for (Object number : boxed) {
      floats[i++] = (Float) number;
    }
    return floats;
  }

  private static int[] ints(Collection<?> boxed) {
    return boxed.stream().mapToInt(number -> (Integer) number).toArray();
  }

  private static Schema schema(ColumnKind kind) {
    return switch (kind) {
      case STRING, ENUM -> text();
      case INT -> Schema.create(Schema.Type.INT);
      case LONG -> Schema.create(Schema.Type.LONG);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case BYTES -> Schema.create(Schema.Type.BYTES);
      case FLOATS -> Schema.createArray(Schema.create(Schema.Type.FLOAT));
      case INTS -> Schema.createArray(Schema.create(Schema.Type.INT));
      case STRINGS -> Schema.createArray(text());
    };
  }

  private static Schema text() {
    Schema text = Schema.create(Schema.Type.STRING);
    GenericData.setStringType(text, GenericData.StringType.String);
    return text;
  }
}
