package io.facet.transforms.shared;

import java.util.HashMap;
import java.util.Map;

/**
 * Loaded models that the threads of a worker share: loaded by the first that asks, closed by the
 * last that is done.
 */
public final class SharedModels {
  private static final Map<String, Held> HELD = new HashMap<>();

  private SharedModels() {}

  private static final class Held {
    final AutoCloseable model;
    int users;

    Held(AutoCloseable model) {
      this.model = model;
    }
  }

  /** Loads a model. */
  @FunctionalInterface
  public interface Loader<M extends AutoCloseable> {
    M load() throws Exception;
  }

  /** The model of that key, loaded if nobody holds it. */
  public static synchronized <M extends AutoCloseable> M acquire(
      Class<M> type, String key, Loader<M> loader) throws Exception {
    Held held = HELD.get(key);
    if (held == null) {
      held = new Held(loader.load());
      HELD.put(key, held);
    }
    held.users++;
    return type.cast(held.model);
  }

  /** Gives a model back. */
  public static synchronized void release(String key) throws Exception {
    Held held = HELD.get(key);
    if (held != null && --held.users == 0) {
      HELD.remove(key);
      held.model.close();
    }
  }
}
