package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;

/**
 * Numbers rounded to what whole numbers of few bits stand for, in float32 and with gradients: as
 * they are within the range, none beyond it (the straight-through estimate). And what such a
 * training needs besides: scales, ranges, and batch normalisation that is part of a layer.
 */
public final class FakeQuantisation {
  private FakeQuantisation() {}

  /**
   * Activations as uint8: {@code s (clamp(round(x / s) + z, 0, 255) - z)}, ties to even.
   *
   * @param scale s, above 0
   * @param zero z, which stands for 0, in [0, 255]
   */
  public static NDArray activations(NDArray x, float scale, int zero) {
    try (NDArray how = x.getManager().create(new double[] {scale, zero})) {
      return TorchOps.call("fake_quantise", x, how);
    }
  }

  /**
   * Weights or biases with a scale for each index of axis 0, symmetric: {@code s clamp(round(x /
   * s), -largest, largest)}.
   *
   * @param x {@code (n, ...)}
   * @param scales s, {@code (n)}
   */
  public static NDArray rows(NDArray x, NDArray scales, int largest) {
    return TorchOps.call("fake_quantise_rows", x, scales, TorchOps.constant(-largest, largest));
  }

  /**
   * Scales that give the number of largest magnitude of each row the largest whole number; 1 for
   * rows of zeros. Without gradient.
   *
   * @param weight {@code (n, ...)}
   * @return {@code (n)}
   */
  public static NDArray weightScales(NDArray weight, int largest) {
    return TorchOps.call("weight_scales", weight, TorchOps.constant(largest));
  }

  /**
   * The limits of the middle of the numbers in the first images of a batch: of n numbers, {@code
   * floor(n (1 - percentile / 100) / 2)} lie beyond each.
   *
   * @param x {@code (B, ...)}
   * @param images at most so many, from the first
   * @param percentile in (50, 100]; 100: the extremes
   * @return lower and upper limit
   */
  public static float[] middle(NDArray x, int images, double percentile) {
    long batch = x.getShape().get(0);
    long numbers = x.getShape().size() / batch * Math.min(images, batch);
    long beyond = (long) (numbers * (1 - percentile / 100) / 2);
    try (NDArray limits = TorchOps.call("middle", x, TorchOps.constant(images, beyond + 1))) {
      return HostArray.floats(limits);
    }
  }

  /** {@code g / sqrt(v + e)} of a batch normalisation, {@code (C)} in float64. */
  public static NDArray foldFactor(NDArray gain, NDArray variance, double epsilon) {
    return TorchOps.call("fold_factor", gain, variance, TorchOps.constant(epsilon));
  }

  /** A kernel or matrix {@code (C, ...)}, each row times its {@link #foldFactor}. */
  public static NDArray foldWeight(NDArray weight, NDArray factor) {
    return TorchOps.call("fold_weight", weight, factor);
  }

  /** The bias {@code (c - m) f + b} of a layer with bias c that holds a batch normalisation. */
  public static NDArray foldBias(NDArray bias, NDArray mean, NDArray factor, NDArray shift) {
    return TorchOps.call("fold_bias", bias, mean, factor, shift);
  }
}
