package io.facet.transforms.row;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** A record class seen as a table row: its columns, and ways between records and column values. */
public final class RowType<T> {
  private final Class<T> type;
  private final List<Column> columns;
  private final Constructor<T> constructor;

  /**
   * One column.
   *
   * @param component name of the record component
   * @param name of the column in files, snake_case
   * @param kind of its values
   * @param type of the record component
   * @param accessor reads it
   * @param inPlace see {@link InPlace}
   */
  public record Column(
      String component,
      String name,
      ColumnKind kind,
      Class<?> type,
      Method accessor,
      boolean inPlace) {}

  private RowType(Class<T> type, List<Column> columns, Constructor<T> constructor) {
    this.type = type;
    this.columns = columns;
    this.constructor = constructor;
  }

  /**
   * The row type of a record class.
   *
   * @throws IllegalArgumentException if it is not a record or a component has an unsupported type
   */
  public static <T> RowType<T> of(Class<T> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type.getName() + " is not a record");
    }
    List<Column> columns = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      ColumnKind kind =
          ColumnKind.of(component.getType(), component.getGenericType())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "%s.%s: rows cannot hold %s; use String, int, long, float, double, boolean, byte[], float[], int[], List<String> or an enum"
                              .formatted(
                                  type.getSimpleName(),
                                  component.getName(),
                                  component.getGenericType().getTypeName())));
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      columns.add(
          new Column(
              component.getName(),
              snakeCase(component.getName()),
              kind,
              component.getType(),
              accessor,
              component.isAnnotationPresent(InPlace.class)));
    }
    return new RowType<>(type, List.copyOf(columns), canonicalConstructor(type));
  }

  /** Whether {@link #of} accepts the class. */
  public static boolean supports(Class<?> type) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .map(c -> ColumnKind.of(c.getType(), c.getGenericType()))
            .allMatch(Optional::isPresent);
  }

  /** The record class. */
  public Class<T> type() {
    return type;
  }

  /** The columns in the order of the record's components. */
  public List<Column> columns() {
    return columns;
  }

  /**
   * The values of a row in column order.
   *
   * @throws NullPointerException if one is null; the message names it
   */
  public Object[] values(T row) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      values[i] = invoke(() -> column.accessor().invoke(row));
      if (values[i] == null
          || (column.kind() == ColumnKind.STRINGS
              && ((List<?>) values[i]).stream().anyMatch(Objects::isNull))) {
        throw new NullPointerException(
            "%s.%s is null; rows hold no nulls: use an empty value"
                .formatted(type.getSimpleName(), column.component()));
      }
    }
    return values;
  }

  /** The row with those values, in column order. */
  public T row(Object[] values) {
    return invoke(() -> constructor.newInstance(values));
  }

  private interface Reflective<R> {
    R call() throws ReflectiveOperationException;
  }

  private static <R> R invoke(Reflective<R> call) {
    try {
      return call.call();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> Constructor<T> canonicalConstructor(Class<T> type) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Constructor<T> constructor = invoke(() -> type.getDeclaredConstructor(parameters));
    constructor.setAccessible(true);
    return constructor;
  }

  /** {@code leftImageId} becomes {@code left_image_id}. */
  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
