package io.facet.models.option;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One walk over a tree. Faults are collected, never thrown: a user sees all of them at once. A
 * value that could not be bound is null, and then there is a fault.
 */
final class TreeBinding {
  private final List<BindingFault> faults = new ArrayList<>();

  List<BindingFault> faults() {
    return faults;
  }

  Object bind(Type type, JsonNode node, String pointer) {
    return bind(type, node, pointer, "");
  }

  private Object bind(Type type, JsonNode node, String pointer, String range) {
    Class<?> raw = Components.raw(type);
    if (raw == Optional.class) {
      return node.isNull()
          ? Optional.empty()
          : Optional.ofNullable(bind(Components.argument(type, 0), node, pointer, range));
    }
    if (raw == List.class) {
      return list(Components.argument(type, 0), node, pointer, range);
    }
    if (raw == Map.class) {
      return map(Components.argument(type, 1), node, pointer, range);
    }
    if (raw == Selected.class) {
      return selected(Components.raw(Components.argument(type, 0)), node, pointer);
    }
    if (raw == JsonNode.class) {
      return node;
    }
    if (raw.isRecord()) {
      return record(raw, node, pointer);
    }
    try {
      return Scalars.bind(raw, node, range);
    } catch (IllegalArgumentException e) {
      return fault(pointer, e.getMessage());
    }
  }

  private Object list(Type element, JsonNode node, String pointer, String range) {
    if (!node.isArray()) {
      return fault(pointer, "must be a list such as [a, b], is " + Scalars.shown(node));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Object value = bind(element, node.get(i), pointer + "/" + i, range);
      if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  private Object map(Type element, JsonNode node, String pointer, String range) {
    if (!node.isObject()) {
      return fault(pointer, "must be a mapping of names to values, is " + Scalars.shown(node));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String child = BindingFault.child(pointer, entry.getKey());
      values.put(entry.getKey(), bind(element, entry.getValue(), child, range));
    }
    return Collections.unmodifiableMap(values);
  }

  private Object record(Class<?> type, JsonNode node, String pointer) {
    List<String> names = Components.names(type);
    if (node.isNull()) {
      return record(type, JsonNodeFactory.instance.objectNode(), pointer);
    }
    if (node.isValueNode() && Components.shortened(type)) {
      return shortened(type, node, pointer);
    }
    if (!node.isObject()) {
      return fault(
          pointer,
          "must be a mapping with the keys %s, is %s"
              .formatted(String.join(", ", names), Scalars.shown(node)));
    }
    return components(type, node, pointer, unknownKeys(type, node, pointer));
  }

  /** A record of which a single value gives the first component. */
  private Object shortened(Class<?> type, JsonNode node, String pointer) {
    RecordComponent first = type.getRecordComponents()[0];
    Description description = Components.described(first);
    try {
      Scalars.bind(first.getType(), node, description == null ? "" : description.range());
    } catch (IllegalArgumentException e) {
      return fault(
          pointer,
          "%s; or give a mapping with the keys %s"
              .formatted(e.getMessage(), String.join(", ", Components.names(type))));
    }
    JsonNode mapping = JsonNodeFactory.instance.objectNode().set(first.getName(), node);
    return components(type, mapping, pointer, Set.of());
  }

  private Object components(Class<?> type, JsonNode node, String pointer, Set<String> meant) {
    int before = faults.size();
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] =
          Components.inlined(components[i])
              ? components(components[i].getType(), node, pointer, meant)
              : component(components[i], node, pointer, meant);
    }
    return faults.size() > before ? null : construct(type, components, values, pointer);
  }

  private Object component(
      RecordComponent component, JsonNode node, String pointer, Set<String> meant) {
    String name = component.getName();
    Description description = Components.described(component);
    String range = description == null ? "" : description.range();
    String child = BindingFault.child(pointer, name);
    JsonNode given = node.path(name);
    if (given.isMissingNode()) {
      given = Components.defaultOf(component);
    }
    if (given.isMissingNode()) {
      if (component.getType() == Optional.class) {
        return Optional.empty();
      }
      return meant.contains(name)
          ? null
          : fault(pointer, "missing key '%s'%s".formatted(name, meaning(description)));
    }
    return bind(component.getGenericType(), given, child, range);
  }

  /** Reports keys the record does not have; returns the names they were probably meant for. */
  private Set<String> unknownKeys(Class<?> type, JsonNode node, String pointer) {
    List<String> names = Components.names(type);
    Set<String> meant = new HashSet<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      if (!names.contains(key)) {
        Optional<String> renamed = Components.renamed(type, key);
        List<String> free = names.stream().filter(n -> !node.has(n)).toList();
        renamed.or(() -> Spelling.nearest(key, free)).ifPresent(meant::add);
        fault(
            BindingFault.child(pointer, key),
            renamed
                .map(now -> "'%s' is called '%s' now".formatted(key, now))
                .orElseGet(
                    () ->
                        "unknown key '%s'%s; allowed: %s"
                            .formatted(
                                key, Spelling.didYouMean(key, names), String.join(", ", names))));
      }
    }
    return meant;
  }

  private Object selected(Class<?> kind, JsonNode node, String pointer) {
    if (node.isTextual()) {
      return select(kind, node.textValue(), JsonNodeFactory.instance.objectNode(), pointer);
    }
    if (!node.isObject() || node.size() != 1) {
      return fault(
          pointer,
          "must name one %s, as KEY or {KEY: {options}}; known: %s"
              .formatted(Spelling.words(kind.getSimpleName()), String.join(", ", keys(kind))));
    }
    Map.Entry<String, JsonNode> only = node.properties().iterator().next();
    return select(kind, only.getKey(), only.getValue(), BindingFault.child(pointer, only.getKey()));
  }

  /** Chooses an extension and binds its options; faults lie at the pointer or below it. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  Selected<?> select(Class<?> kind, String key, JsonNode options, String pointer) {
    Extension<?> extension = Extensions.all(asKind(kind)).get(key);
    if (extension == null) {
      fault(
          pointer,
          "unknown %s '%s'%s; known: %s"
              .formatted(
                  Spelling.words(kind.getSimpleName()),
                  key,
                  Spelling.didYouMean(key, keys(kind)),
                  String.join(", ", keys(kind))));
      return null;
    }
    Object bound = bind(extension.optionsType(), options, pointer);
    return bound == null
        ? null
        : new Selected(kind, key, CanonicalJson.write((Record) bound).toString());
  }

  static List<String> keys(Class<?> kind) {
    return List.copyOf(Extensions.all(asKind(kind)).keySet());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static Class<Extension> asKind(Class<?> kind) {
    return (Class<Extension>) kind;
  }

  private Object construct(
      Class<?> type, RecordComponent[] components, Object[] values, String pointer) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        return fault(pointer, String.valueOf(refused.getMessage()));
      }
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    }
  }

  private static String meaning(Description description) {
    return description == null ? "" : " (" + description.value() + ")";
  }

  private Object fault(String pointer, String message) {
    faults.add(new BindingFault(pointer, message));
    return null;
  }
}
