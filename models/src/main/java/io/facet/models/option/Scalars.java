package io.facet.models.option;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** Numbers, booleans, text and enum constants out of single tree nodes. */
final class Scalars {
  private Scalars() {}

  /**
   * The node as that type.
   *
   * @throws IllegalArgumentException with a message for users, if it does not fit
   */
  static Object bind(Class<?> type, JsonNode node, String range) {
    if (type == int.class || type == Integer.class) {
      if (!node.isIntegralNumber() || !node.canConvertToInt()) {
        throw wrong("a whole number", node);
      }
      return checked(node.intValue(), range);
    }
    if (type == long.class || type == Long.class) {
      if (!node.isIntegralNumber() || !node.canConvertToLong()) {
        throw wrong("a whole number", node);
      }
      return checked(node.longValue(), range);
    }
    if (type == double.class || type == Double.class) {
      return checked(number(node), range);
    }
    if (type == float.class || type == Float.class) {
      return checked((float) number(node), range);
    }
    if (type == boolean.class || type == Boolean.class) {
      if (!node.isBoolean()) {
        throw wrong("true or false", node);
      }
      return node.booleanValue();
    }
    if (type == String.class) {
      if (!node.isValueNode() || node.isNull()) {
        throw wrong("text", node);
      }
      return node.asText();
    }
    if (type.isEnum()) {
      return constant(type, node);
    }
    throw new IllegalStateException("options of type " + type.getName() + " cannot be bound");
  }

  static boolean whole(Class<?> type) {
    return type == int.class || type == Integer.class || type == long.class || type == Long.class;
  }

  /** A node as it should stand in a message. */
  static String shown(JsonNode node) {
    if (node.isTextual()) {
      return "the text '" + node.textValue() + "'";
    }
    if (node.isNull() || node.isMissingNode()) {
      return "empty";
    }
    if (node.isArray()) {
      return "a list";
    }
    return node.isObject() ? "a mapping" : node.toString();
  }

  /** YAML 1.1 takes {@code 1e-4}, without a dot, for text; users do not. */
  private static double number(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isTextual() && node.textValue().matches("[-+]?\\d+(\\.\\d*)?[eE][-+]?\\d+")) {
      return Double.parseDouble(node.textValue());
    }
    throw wrong("a number", node);
  }

  private static Number checked(Number value, String range) {
    double number = value.doubleValue();
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new IllegalArgumentException("must be a finite number, is " + value);
    }
    if (!range.isEmpty() && !Interval.parse(range).contains(number)) {
      throw new IllegalArgumentException("must lie in %s, is %s".formatted(range, value));
    }
    return value;
  }

  private static Object constant(Class<?> type, JsonNode node) {
    List<String> allowed = Components.constants(type);
    if (node.isTextual() || node.isBoolean()) {
      String text = node.asText();
      int index = allowed.indexOf(text.toLowerCase(Locale.ROOT).replace('_', '-'));
      if (index >= 0) {
        return type.getEnumConstants()[index];
      }
      throw new IllegalArgumentException(
          "must be one of %s, is '%s'%s"
              .formatted(String.join(", ", allowed), text, Spelling.didYouMean(text, allowed)));
    }
    throw wrong("one of " + String.join(", ", allowed), node);
  }

  private static IllegalArgumentException wrong(String expected, JsonNode node) {
    return new IllegalArgumentException("must be %s, is %s".formatted(expected, shown(node)));
  }
}
