package io.facet.models.option;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Documents options records: rows for people; {@link OptionSchema} is for editors. */
public final class OptionDocs {
  private OptionDocs() {}

  /** One row an option, in the order of the record, nested records flattened with dots. */
  public static List<OptionRow> rows(Class<? extends Record> type) {
    List<OptionRow> rows = new ArrayList<>();
    collect(type, "", rows);
    return List.copyOf(rows);
  }

  private static void collect(Class<?> type, String prefix, List<OptionRow> rows) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (Components.inlined(component)) {
        collect(component.getType(), prefix, rows);
        continue;
      }
      rows.add(row(component, prefix));
      Type inner = inner(component.getGenericType());
      if (Components.raw(inner).isRecord() && Components.raw(inner) != Selected.class) {
        String list = component.getType() == List.class ? "[]" : "";
        collect(Components.raw(inner), prefix + component.getName() + list + ".", rows);
      }
    }
  }

  private static OptionRow row(RecordComponent component, String prefix) {
    Description description = Components.described(component);
    Type inner = inner(component.getGenericType());
    return new OptionRow(
        prefix + component.getName(),
        words(component.getGenericType()),
        defaultText(component, description),
        description == null ? "" : description.range(),
        allowed(inner),
        description == null ? "" : description.value(),
        description == null ? "" : description.source());
  }

  private static String defaultText(RecordComponent component, Description description) {
    if (Components.required(component)) {
      return "required";
    }
    return Components.defaultOf(component).isMissingNode() ? "absent" : description.defaultValue();
  }

  /** The type inside lists, maps and optionals. */
  private static Type inner(Type type) {
    Class<?> raw = Components.raw(type);
    if (raw == Optional.class || raw == List.class) {
      return inner(Components.argument(type, 0));
    }
    return raw == Map.class ? inner(Components.argument(type, 1)) : type;
  }

  private static List<String> allowed(Type type) {
    Class<?> raw = Components.raw(type);
    if (raw.isEnum()) {
      return Components.constants(raw);
    }
    return raw == Selected.class
        ? TreeBinding.keys(Components.raw(Components.argument(type, 0)))
        : List.of();
  }

  private static String words(Type type) {
    Class<?> raw = Components.raw(type);
    if (raw == Optional.class) {
      return words(Components.argument(type, 0));
    }
    if (raw == List.class) {
      return "list of " + words(Components.argument(type, 0));
    }
    if (raw == Map.class) {
      return "names to " + words(Components.argument(type, 1));
    }
    if (raw == Selected.class) {
      return Spelling.words(Components.raw(Components.argument(type, 0)).getSimpleName());
    }
    if (raw.isEnum()) {
      return "choice";
    }
    if (raw == String.class) {
      return "text";
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return "true or false";
    }
    if (raw.isRecord() && Components.shortened(raw)) {
      return words(raw.getRecordComponents()[0].getGenericType()) + " or mapping";
    }
    if (raw.isRecord() || raw == JsonNode.class) {
      return "mapping";
    }
    return Scalars.whole(raw) ? "whole number" : "number";
  }
}
