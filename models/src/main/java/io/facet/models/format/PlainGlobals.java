package io.facet.models.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names of Python and NumPy that stand for plain data in the pickles of all protocols: bytes, byte
 * arrays, sets, dictionaries, arrays, scalars. Anything else is not found.
 */
final class PlainGlobals {
  private static final Map<String, Charset> CHARSETS =
      Map.of(
          "latin1", StandardCharsets.ISO_8859_1,
          "latin-1", StandardCharsets.ISO_8859_1,
          "iso-8859-1", StandardCharsets.ISO_8859_1,
          "ascii", StandardCharsets.US_ASCII,
          "utf-8", StandardCharsets.UTF_8,
          "utf8", StandardCharsets.UTF_8);

  private PlainGlobals() {}

  /** What the name stands for, or null. */
  static Unpickler.Global find(String module, String name) {
    return switch (module) {
      case "__builtin__", "builtins" -> builtin(name);
      case "_codecs" -> name.equals("encode") ? PlainGlobals::bytes : null;
      case "collections" ->
          Set.of("OrderedDict", "defaultdict", "Counter").contains(name)
              ? PlainGlobals::dictionary
              : null;
      default -> NumpyPickle.find(module, name);
    };
  }

  private static Unpickler.Global builtin(String name) {
    return switch (name) {
      case "bytes", "bytearray" -> PlainGlobals::bytes;
      case "set", "frozenset", "list", "tuple" -> PlainGlobals::items;
      case "dict" -> PlainGlobals::dictionary;
      default -> null;
    };
  }

  /** From nothing, from bytes, or from text and its encoding, as Python 3 writes protocol 2. */
  private static Object bytes(List<Object> arguments) {
    if (arguments.isEmpty()) {
      return new byte[0];
    }
    if (arguments.get(0) instanceof byte[] bytes) {
      return bytes;
    }
    Charset charset = arguments.size() < 2 ? null : CHARSETS.get(encoding(arguments.get(1)));
    if (arguments.get(0) instanceof String text && charset != null) {
      return text.getBytes(charset);
    }
    throw new IllegalArgumentException("bytes of an unknown text encoding");
  }

  private static String encoding(Object name) {
    String text =
        name instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.ISO_8859_1)
            : name instanceof String string ? string : "";
    return text.toLowerCase(Locale.ROOT);
  }

  /** The elements in some order: sets hold no data that is looked at. */
  private static Object items(List<Object> arguments) {
    return arguments.isEmpty() || !(arguments.get(0) instanceof List<?> list)
        ? new ArrayList<>()
        : new ArrayList<>(list);
  }

  /** From nothing, or from a list of pairs; a default is not data. */
  private static Object dictionary(List<Object> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Object argument : arguments) {
      if (argument instanceof Map<?, ?> given) {
        map.putAll(given);
      } else if (argument instanceof List<?> pairs) {
        for (Object pair : pairs) {
          List<?> two = (List<?>) pair;
          map.put(Unpickler.key(two.get(0), map), two.get(1));
        }
      }
    }
    return map;
  }
}
