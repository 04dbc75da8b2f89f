package io.facet.models.face.synthetic;

import java.util.SplittableRandom;

/**
 * Random numbers that repeat to the bit on every machine: a specified generator and {@link
 * StrictMath} only.
 */
final class Dice {
  private final SplittableRandom random;

  private Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Dice for one purpose; different numbers give unrelated sequences. */
  static Dice of(long... numbers) {
    long hash = 0x9e3779b97f4a7c15L;
    for (long number : numbers) {
      hash = (hash ^ number) * 0xbf58476d1ce4e5b9L;
      hash ^= hash >>> 29;
      hash *= 0x94d049bb133111ebL;
      hash ^= hash >>> 32;
    }
    return new Dice(hash);
  }

  /** Uniform in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** Normal, cut off at two and a half deviations. */
  double normal(double mean, double deviation) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    double value = radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    return mean + deviation * Math.max(-2.5, Math.min(2.5, value));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long bits() {
    return random.nextLong();
  }
}
