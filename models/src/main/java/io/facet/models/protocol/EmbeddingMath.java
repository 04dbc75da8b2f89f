package io.facet.models.protocol;

/** Arithmetic on embeddings of length d; sums in double precision. */
public final class EmbeddingMath {
  private EmbeddingMath() {}

  /** Unit vector; a zero vector stays zero. */
  public static float[] normalise(float[] embedding) {
    double norm = Math.max(norm(embedding), 1e-12);
    float[] unit = new float[embedding.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (embedding[i] / norm);
    }
    return unit;
  }

  /** Embedding of a crop plus that of its mirror image, as a unit vector. */
  public static float[] fuse(float[] plain, float[] mirrored) {
    float[] sum = new float[plain.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = plain[i] + mirrored[i];
    }
    return normalise(sum);
  }

  /** Cosine of the angle between two vectors of any length, in -1..1; 0 if one is zero. */
  public static double cosine(float[] a, float[] b) {
    double product = Math.max(norm(a), 1e-12) * Math.max(norm(b), 1e-12);
    return Math.max(-1, Math.min(1, dot(a, b) / product));
  }

  /** Scalar product. */
  public static double dot(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "embeddings of %d and %d values".formatted(a.length, b.length));
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /**
   * Scalar product in four sums, which a processor adds at once: quicker than {@link #dot}, and
   * different in the last bits.
   *
   * @param a as long as {@code b}
   */
  static double quickDot(float[] a, float[] b) {
    int whole = a.length & ~3;
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    for (int i = 0; i < whole; i += 4) {
      first += (double) a[i] * b[i];
      second += (double) a[i + 1] * b[i + 1];
      third += (double) a[i + 2] * b[i + 2];
      fourth += (double) a[i + 3] * b[i + 3];
    }
    for (int i = whole; i < a.length; i++) {
      first += (double) a[i] * b[i];
    }
    return first + second + (third + fourth);
  }

  /** Squared Euclidean distance. */
  public static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }
}
