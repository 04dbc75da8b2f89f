package io.facet.transforms.row;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The Avro face of a row type: snake_case columns, no nulls, enums as text; behind them the sizes
 * of what is read {@link InPlace}. Parquet's Avro bridge turns it into the file's schema.
 */
public final class RowSchema {
  private static final String SIZES = "_bytes";

  private RowSchema() {}

  /** The schema of a record class. */
  public static Schema of(RowType<?> type) {
    List<Schema.Field> fields = new ArrayList<>();
    for (RowType.Column column : type.columns()) {
      fields.add(new Schema.Field(column.name(), schema(column.kind())));
    }
    for (RowType.Column column : type.columns()) {
      if (hasSizes(column)) {
        fields.add(new Schema.Field(column.name() + SIZES, Schema.create(Schema.Type.INT)));
      }
    }
    return Schema.createRecord(
        type.type().getSimpleName(), null, type.type().getPackageName(), false, fields);
  }

  /** A row as an Avro record. Arrays stay primitive arrays: Parquet's writer takes them as such. */
  public static <T> GenericRecord toAvro(RowType<T> type, Schema schema, T row) {
    GenericData.Record avro = new GenericData.Record(schema);
    Object[] values = type.values(row);
    int sizes = values.length;
    for (int i = 0; i < values.length; i++) {
      if (hasSizes(type.columns().get(i))) {
        avro.put(sizes++, ((byte[]) values[i]).length);
      }
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

  private static boolean hasSizes(RowType.Column column) {
    return column.inPlace() && column.kind() == ColumnKind.BYTES;
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
