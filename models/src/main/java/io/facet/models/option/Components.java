package io.facet.models.option;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@link RecordBinder} and {@link OptionDocs} both read from a record's components. */
final class Components {
  private static final YAMLMapper YAML = new YAMLMapper();

  private Components() {}

  static Class<?> raw(Type type) {
    return type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
  }

  static Type argument(Type type, int index) {
    if (type instanceof ParameterizedType p) {
      return p.getActualTypeArguments()[index];
    }
    throw new IllegalStateException(type + " needs type arguments to be bound");
  }

  /** The default as a tree; a missing node when the user must give a value or it stays absent. */
  static JsonNode defaultOf(RecordComponent component) {
    Description description = described(component);
    if (description == null
        || description.defaultValue().equals(Description.REQUIRED)
        || description.defaultValue().equals(Description.ABSENT)) {
      return MissingNode.getInstance();
    }
    return yaml(description.defaultValue());
  }

  /** The component's description, its own or that of an annotation it carries; null: none. */
  static Description described(RecordComponent component) {
    return Stream.concat(
            Stream.ofNullable(component.getAnnotation(Description.class)),
            Arrays.stream(component.getAnnotations())
                .map(a -> a.annotationType().getAnnotation(Description.class))
                .filter(Objects::nonNull))
        .findFirst()
        .orElse(null);
  }

  /** The name of today of a key that an earlier version had. */
  static Optional<String> renamed(Class<?> record, String former) {
    return Arrays.stream(record.getRecordComponents())
        .flatMap(
            component -> {
              if (inlined(component)) {
                return renamed(component.getType(), former).stream();
              }
              Description description = described(component);
              return description != null && description.formerly().equals(former)
                  ? Stream.of(component.getName())
                  : Stream.empty();
            })
        .findFirst();
  }

  static boolean inlined(RecordComponent component) {
    return component.isAnnotationPresent(Inline.class);
  }

  /** Whether a single value may stand for the mapping. */
  static boolean shortened(Class<?> record) {
    return record.isAnnotationPresent(Shorthand.class);
  }

  static boolean affectsResult(RecordComponent component) {
    Description description = described(component);
    return description == null || description.affectsResult();
  }

  static boolean required(RecordComponent component) {
    return component.getType() != Optional.class && defaultOf(component).isMissingNode();
  }

  /** The keys users may write. */
  static List<String> names(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .flatMap(c -> inlined(c) ? names(c.getType()).stream() : Stream.of(c.getName()))
        .toList();
  }

  /** {@code LARGEST_CENTRAL} becomes {@code largest-central}. */
  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> constants(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants()).map(c -> kebab((Enum<?>) c)).toList();
  }

  private static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a default is not YAML: '" + text + "'", e);
    }
  }
}
