package io.facet.models.option;

import io.facet.models.RecipeException;
import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The extensions on the class path, by kind and key. */
public final class Extensions {
  private static final Map<Class<?>, Map<String, Extension<?>>> CACHE = new ConcurrentHashMap<>();

  private Extensions() {}

  /**
   * All extensions of one kind, by key in alphabetical order.
   *
   * <p>Loaded with the kind's own class loader, never the thread's: under Flink the thread's loader
   * is the job's.
   */
  @SuppressWarnings("unchecked")
  public static <E extends Extension<?>> Map<String, E> all(Class<E> kind) {
    return (Map<String, E>) CACHE.computeIfAbsent(kind, k -> load((Class<E>) k));
  }

  /**
   * The extension with that key.
   *
   * @throws RecipeException if there is none; the message lists the known keys
   */
  public static <E extends Extension<?>> E get(Class<E> kind, String key) {
    E found = all(kind).get(key);
    if (found == null) {
      throw new RecipeException(
          "unknown %s '%s'%s; known: %s"
              .formatted(
                  Spelling.words(kind.getSimpleName()),
                  key,
                  Spelling.didYouMean(key, keys(kind)),
                  String.join(", ", keys(kind))));
    }
    return found;
  }

  /** The known keys of one kind, in alphabetical order. */
  public static <E extends Extension<?>> Collection<String> keys(Class<E> kind) {
    return all(kind).keySet();
  }

  private static <E extends Extension<?>> Map<String, Extension<?>> load(Class<E> kind) {
    Map<String, Extension<?>> byKey = new TreeMap<>();
    for (E extension : ServiceLoader.load(kind, kind.getClassLoader())) {
      Extension<?> twin = byKey.put(extension.key(), extension);
      if (twin != null) {
        throw new IllegalStateException(
            "two %s extensions have the key '%s': %s and %s"
                .formatted(
                    kind.getSimpleName(),
                    extension.key(),
                    twin.getClass().getName(),
                    extension.getClass().getName()));
      }
    }
    return byKey;
  }
}
