package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The taps a forward pass was asked for; frees what nobody asked for. */
final class KeptTaps {
  private final Set<String> wanted;
  private final Map<String, NDArray> kept = new HashMap<>();

  KeptTaps(Set<String> wanted) {
    this.wanted = wanted;
  }

  /** Keeps the array if this tap was asked for. */
  void offer(String tap, NDArray value) {
    if (wanted.contains(tap)) {
      kept.put(tap, value);
    }
  }

  boolean wants(String tap) {
    return wanted.contains(tap);
  }

  /** Frees an array that is not read again, unless it is kept. */
  void release(NDArray used) {
    if (kept.values().stream().noneMatch(value -> value == used)) {
      used.close();
    }
  }

  Features features(NDArray embedding) {
    return new Features(embedding, kept);
  }
}
