package io.facet.models.tensor;

import java.nio.charset.StandardCharsets;

/** Hashes that stand in for a random generator where a draw must depend on its inputs alone. */
public final class SeededHash {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SeededHash() {}

  /** 64 bits of a text (FNV-1a, mixed). */
  public static long of(String text) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  /** 64 bits of several numbers; their order matters. */
  public static long of(long... parts) {
    long hash = GOLDEN;
    for (long part : parts) {
      hash = mix(hash * 31 + mix(part + GOLDEN));
    }
    return hash;
  }

  /** A seed for one purpose, such as {@code "head"}. */
  public static long seed(long seed, String purpose) {
    return of(seed, of(purpose));
  }

  /** The finaliser of SplitMix64 (Steele et al. 2014). */
  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
