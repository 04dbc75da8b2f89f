package io.facet.models.option;

import java.io.Serializable;
import java.util.Objects;

/**
 * One extension chosen in a recipe, with its options: {@code {arcface: {margin: 0.5}}}, or just
 * {@code arcface} for the defaults.
 *
 * <p>Serializable, so that it travels to workers: only the kind, the key and the options as
 * canonical JSON (sorted keys, defaults filled in) are stored.
 *
 * @param kind the extension interface
 * @param key the extension's key
 * @param json its resolved options as canonical JSON
 * @param <E> the extension interface
 */
public record Selected<E extends Extension<?>>(Class<E> kind, String key, String json)
    implements Serializable {

  public Selected {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(json, "json");
  }

  /** The extension itself. */
  public E extension() {
    return Extensions.get(kind, key);
  }

  /** The options, bound to the extension's record. */
  public Record options() {
    return RecordBinder.bindJson(extension().optionsType(), json);
  }

  /** What identifies this choice in a fingerprint: key, version, options that affect results. */
  public String identity() {
    return key + "@" + extension().version() + RecordBinder.toIdentityJson(options());
  }
}
