package io.facet.pipelines.recipe;

import io.facet.models.option.BindingFault;
import java.util.List;
import java.util.Map;

/**
 * Where a value of a recipe was written: a line of the file or an override.
 *
 * @param source the file's name
 * @param lines line by JSON pointer
 * @param settings overrides in order; later ones win
 */
record SourceLines(String source, Map<String, Integer> lines, List<Setting> settings) {

  /** {@code file:line: key: message}. */
  String describe(BindingFault fault) {
    String key = fault.place().isEmpty() ? "" : fault.place() + ": ";
    return of(fault.pointer()) + ": " + key + fault.message();
  }

  /** The place of the value, or of the nearest value around it. */
  private String of(String pointer) {
    for (int i = settings.size() - 1; i >= 0; i--) {
      Setting setting = settings.get(i);
      boolean within = pointer.equals(setting.pointer()) || below(pointer, setting.pointer());
      // a section that the file does not have is there because of the override
      boolean opened = !lines.containsKey(pointer) && below(setting.pointer(), pointer);
      if (within || opened) {
        return "--set " + setting.text();
      }
    }
    String at = pointer;
    while (!lines.containsKey(at) && !at.isEmpty()) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return source + ":" + lines.getOrDefault(at, 1);
  }

  private static boolean below(String pointer, String above) {
    return pointer.startsWith(above + "/");
  }
}
