package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;

/**
 * Batch normalisation of axis 1 of {@code (B, C)} or {@code (B, C, H, W)}, with PyTorch's epsilon
 * 1e-5 and momentum 0.1.
 */
public final class BatchNormalisation extends Layer {
  public static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  private final Weight weight;
  private final Weight bias;
  private final Weight runningMean;
  private final Weight runningVariance;
  private final double epsilon;
  private boolean frozenStatistics;

  public BatchNormalisation(int channels) {
    this(channels, true, EPSILON);
  }

  /**
   * @param affine whether a trained scale and shift follow
   */
  public BatchNormalisation(int channels, boolean affine, double epsilon) {
    this(channels, affine, affine, epsilon);
  }

  private BatchNormalisation(int channels, boolean affine, boolean trainedScale, double epsilon) {
    Initialiser one = Initialiser.constant(1);
    if (affine) {
      weight = trainedScale ? vector("weight", one, channels) : buffer("weight", one, channels);
    } else {
      weight = null;
    }
    bias = affine ? vector("bias", Initialiser.constant(0), channels) : null;
    runningMean = buffer("running_mean", Initialiser.constant(0), channels);
    runningVariance = buffer("running_var", Initialiser.constant(1), channels);
    this.epsilon = epsilon;
  }

  /** With a trained shift and a scale that stays as it is: 1, or what was loaded. */
  public static BatchNormalisation withFixedScale(int channels) {
    return new BatchNormalisation(channels, true, false, EPSILON);
  }

  /**
   * @param training true: normalise by this batch's statistics and update the running ones, unless
   *     they are frozen
   */
  public NDArray forward(NDArray x, boolean training) {
    return TorchOps.batchNormalise(
        x,
        weight == null ? null : weight.array(),
        bias == null ? null : bias.array(),
        runningMean.array(),
        runningVariance.array(),
        usesBatch(training),
        momentum(),
        epsilon);
  }

  /** How far a batch moves the running statistics: not at all where it is seen again. */
  static double momentum() {
    return Recomputation.again() ? 0 : MOMENTUM;
  }

  /** Whether it normalises by the statistics of its batch rather than by the running ones. */
  boolean usesBatch(boolean training) {
    return training && !frozenStatistics;
  }

  /** From now on the running statistics stay, and training too normalises by them. */
  public void freezeStatistics() {
    frozenStatistics = true;
  }

  /** The trained scale {@code (C)}, or null. */
  public Weight weight() {
    return weight;
  }

  /** The trained shift {@code (C)}, or null. */
  public Weight bias() {
    return bias;
  }

  public Weight runningMean() {
    return runningMean;
  }

  public Weight runningVariance() {
    return runningVariance;
  }

  public double epsilon() {
    return epsilon;
  }
}
