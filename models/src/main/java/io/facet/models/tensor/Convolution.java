package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;

/** Two-dimensional convolution, {@code (B, in, H, W)} to {@code (B, out, H', W')}. */
public final class Convolution extends Layer {
  private static final Shape NO_DILATION = new Shape(1, 1);

  private final Weight weight;
  private final Weight bias;
  private final int stride;
  private final int padding;
  private final int groups;

  private Convolution(Builder options) {
    groups = options.groups;
    stride = options.stride;
    padding = options.padding;
    Initialiser initialiser =
        options.initialiser == null ? Initialiser.kaimingFanOut(groups) : options.initialiser;
    weight =
        matrix(
            "weight",
            initialiser,
            options.out,
            options.in / groups,
            options.kernel,
            options.kernel);
    bias = options.bias ? vector("bias", Initialiser.constant(0), options.out) : null;
  }

  /** A square kernel; stride 1, no padding, one group, no bias unless changed. */
  public static Builder of(int in, int out, int kernel) {
    return new Builder(in, out, kernel);
  }

  public NDArray forward(NDArray x) {
    return of(x, weight.array(), bias == null ? null : bias.array(), stride, padding, groups);
  }

  /**
   * The convolution with a kernel that no layer owns.
   *
   * @param x {@code (B, in, H, W)}
   * @param kernel {@code (out, in / groups, k, k)}
   * @param bias {@code (out)}, or null
   */
  public static NDArray of(
      NDArray x, NDArray kernel, NDArray bias, int stride, int padding, int groups) {
    if (kernel.getShape().get(2) > 1 || stride == 1) {
      return convolve(x, kernel, bias, stride, padding, groups);
    }
    // PyTorch 2.7's backward pass of a 1x1 kernel with a stride writes past its memory for 8
    // channels that are innermost; without the places nobody reads the result is the same.
    try (NDArray read = x.get(":, :, ::%1$d, ::%1$d".formatted(stride))) {
      return convolve(read, kernel, bias, 1, padding, groups);
    }
  }

  private static NDArray convolve(
      NDArray x, NDArray kernel, NDArray bias, int stride, int padding, int groups) {
    return Conv2d.conv2d(
            x,
            kernel,
            bias,
            new Shape(stride, stride),
            new Shape(padding, padding),
            NO_DILATION,
            groups)
        .head();
  }

  /** Whether each place of the output comes from a single place of the input. */
  boolean readsSinglePlaces() {
    return weight.shape().get(2) == 1;
  }

  public int stride() {
    return stride;
  }

  public int padding() {
    return padding;
  }

  public int groups() {
    return groups;
  }

  /** The kernel, {@code (out, in / groups, k, k)}. */
  public Weight weight() {
    return weight;
  }

  /** The bias {@code (out)}, or null. */
  public Weight bias() {
    return bias;
  }

  /** Options of a convolution. */
  public static final class Builder {
    private final int in;
    private final int out;
    private final int kernel;
    private int stride = 1;
    private int padding;
    private int groups = 1;
    private boolean bias;
    private Initialiser initialiser;

    private Builder(int in, int out, int kernel) {
      this.in = in;
      this.out = out;
      this.kernel = kernel;
    }

    public Builder stride(int value) {
      stride = value;
      return this;
    }

    public Builder padding(int value) {
      padding = value;
      return this;
    }

    /** Groups of channels that do not see each other; {@code in} for a depthwise convolution. */
    public Builder groups(int value) {
      groups = value;
      return this;
    }

    public Builder withBias() {
      bias = true;
      return this;
    }

    /** Start values of the kernel instead of {@link Initialiser#kaimingFanOut}. */
    public Builder initialiser(Initialiser value) {
      initialiser = value;
      return this;
    }

    public Convolution build() {
      return new Convolution(this);
    }
  }
}
