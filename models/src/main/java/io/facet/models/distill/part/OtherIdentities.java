package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.SeededHash;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws images of other identities, with repetition. What is drawn for an image depends on seed,
 * step and image alone.
 */
public final class OtherIdentities {
  /** Draws before the next image of another identity is taken instead. */
  private static final int PATIENCE = 64;

  private final RandomGeneratorFactory<RandomGenerator> generators =
      RandomGeneratorFactory.of("L64X128MixRandom");
  private final long seed;
  private final int samples;
  private final IntUnaryOperator labels;

  /**
   * Draws from a training set.
   *
   * @param labels class of each of its images
   */
  public OtherIdentities(long seed, int samples, IntUnaryOperator labels) {
    this.seed = seed;
    this.samples = samples;
    this.labels = labels;
  }

  /**
   * Each image, then images of other identities.
   *
   * @param images positions in the training set, {@code (B)}
   * @param count K
   * @return positions, int64 {@code (B, K + 1)}
   */
  public NDArray rows(long step, IndexArray images, int count) {
    long[] own = images.values();
    long[] rows = new long[Math.multiplyExact(own.length, count + 1)];
    int place = 0;
    for (long image : own) {
      rows[place++] = image;
      RandomGenerator random = generators.create(SeededHash.of(seed, step, image));
      int label = labels.applyAsInt((int) image);
      for (int k = 0; k < count; k++) {
        rows[place++] = draw(random, (int) image, label);
      }
    }
    return NewArray.of(images.array(), rows).reshape(own.length, count + 1L);
  }

  /** Of a set with one identity, any other image of it. */
  private int draw(RandomGenerator random, int image, int label) {
    int drawn = random.nextInt(samples);
    for (int i = 0; i < PATIENCE && !other(drawn, image, label); i++) {
      drawn = random.nextInt(samples);
    }
    for (int i = 0; i < samples && !other(drawn, image, label); i++) {
      drawn = (drawn + 1) % samples;
    }
    return drawn == image ? (drawn + 1) % samples : drawn;
  }

  /** Images with a negative label are of nobody known: each may be another's. */
  private boolean other(int drawn, int image, int label) {
    return drawn != image && (label < 0 || labels.applyAsInt(drawn) != label);
  }
}
