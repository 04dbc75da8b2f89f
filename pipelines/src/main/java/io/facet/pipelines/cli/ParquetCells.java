package io.facet.pipelines.cli;

import io.facet.pipelines.report.OneLine;
import io.facet.pipelines.report.ShortHash;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Locale;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Values of Parquet's columns as short texts. */
final class ParquetCells {
  private static final int WIDEST = 40;

  /** The Julian day of 1 January 1970. */
  private static final long EPOCH_DAY = 2_440_588;

  private static final long DAY_SECONDS = 86_400;

  private ParquetCells() {}

  /** One text a column. */
  static String[] of(Group row) {
    String[] cells = new String[row.getType().getFieldCount()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = field(row, i);
    }
    return cells;
  }

  private static String field(Group group, int field) {
    int count = group.getFieldRepetitionCount(field);
    if (group.getType().getType(field).isRepetition(Type.Repetition.REPEATED)) {
      return list(count, count == 0 ? "" : value(group, field));
    }
    return count == 0 ? "null" : value(group, field);
  }

  /** The first value of a field. */
  private static String value(Group group, int field) {
    Type type = group.getType().getType(field);
    if (type.isPrimitive()) {
      return primitive(group, field, type.asPrimitiveType());
    }
    Group inner = group.getGroup(field, 0);
    if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
      int count = inner.getFieldRepetitionCount(0);
      return list(count, count == 0 ? "" : element(inner));
    }
    if (inner.getType().getFieldCount() == 1) {
      return field(inner, 0);
    }
    return cut("{" + String.join(", ", of(inner)) + "}");
  }

  /** The first element of a list, which usually stands in a group of its own. */
  private static String element(Group list) {
    Type repeated = list.getType().getType(0);
    return !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1
        ? field(list.getGroup(0, 0), 0)
        : value(list, 0);
  }

  private static String list(int count, String first) {
    return count == 0 ? "[]" : "[" + first + ", ... " + count + "]";
  }

  private static String primitive(Group group, int field, PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Boolean.toString(group.getBoolean(field, 0));
      case FLOAT -> number(group.getFloat(field, 0));
      case DOUBLE -> number(group.getDouble(field, 0));
      case INT32 -> type.stringifier().stringify(group.getInteger(field, 0));
      case INT64 -> type.stringifier().stringify(group.getLong(field, 0));
      case INT96 -> instant(group.getInt96(field, 0)).toString();
      case BINARY, FIXED_LEN_BYTE_ARRAY -> {
        Binary bytes = group.getBinary(field, 0);
        yield type.getLogicalTypeAnnotation() == null
            ? bytes.length() + " bytes"
            : cut(type.stringifier().stringify(bytes));
      }
    };
  }

  /** Nanoseconds of the day, then the Julian day: time stamps of former days. */
  private static Instant instant(Binary bytes) {
    var buffer = bytes.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanoseconds = buffer.getLong();
    return Instant.ofEpochSecond((buffer.getInt() - EPOCH_DAY) * DAY_SECONDS, nanoseconds);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }

  private static String cut(String value) {
    String text = OneLine.of(value);
    if (text.matches("[0-9a-f]{64}")) {
      return ShortHash.of(text);
    }
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
  }
}
