package io.facet.transforms.row;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/** The types a row component may have. */
public enum ColumnKind {
  STRING,
  INT,
  LONG,
  FLOAT,
  DOUBLE,
  BOOLEAN,
  BYTES,
  FLOATS,
  INTS,
  /** {@code List<String>}. */
  STRINGS,
  /** Any enum, stored by name. */
  ENUM;

  /** The kind of a component of that type, empty if rows cannot hold it. */
  static Optional<ColumnKind> of(Class<?> type, Type genericType) {
    if (type == String.class) {
      return Optional.of(STRING);
    } else if (type == int.class) {
      return Optional.of(INT);
    } else if (type == long.class) {
      return Optional.of(LONG);
    } else if (type == float.class) {
      return Optional.of(FLOAT);
    } else if (type == double.class) {
      return Optional.of(DOUBLE);
    } else if (type == boolean.class) {
      return Optional.of(BOOLEAN);
    } else if (type == byte[].class) {
      return Optional.of(BYTES);
    } else if (type == float[].class) {
      return Optional.of(FLOATS);
    } else if (type == int[].class) {
      return Optional.of(INTS);
    } else if (type.isEnum()) {
      return Optional.of(ENUM);
    } else if (type == List.class
        && genericType instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] == String.class) {
      return Optional.of(STRINGS);
    }
    return Optional.empty();
  }
}
