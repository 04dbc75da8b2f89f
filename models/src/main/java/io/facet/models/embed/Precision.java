package io.facet.models.embed;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an exported network computes in. */
public enum Precision {
  /** 32-bit floating point, as trained. */
  FLOAT32,
  /** 16-bit floating point, weights too. */
  FLOAT16,
  /** 8-bit whole numbers where an operator has such a form, 32-bit floating point elsewhere. */
  INT8;

  /** The one of this key, if any. */
  public static Optional<Precision> of(String key) {
    return Arrays.stream(values()).filter(one -> one.key().equals(key)).findFirst();
  }

  /** As people write it: {@code int8}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
