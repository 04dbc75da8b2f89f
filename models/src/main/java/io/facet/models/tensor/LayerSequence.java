package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.LayerProgram.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after another in one call of PyTorch. A call from Java costs a handle for each
 * argument and each result, so that a network called layer by layer makes thousands of them a step.
 * Each step computes what the layer's own {@code forward} does, bit for bit.
 *
 * <p>Beside the array that goes through the layers one more is held, at first the input: {@link
 * #keep}, {@link #swap} and {@link #addKept} make residual blocks of it. {@link #branch} and {@link
 * #join} do so where blocks lie within blocks.
 */
public final class LayerSequence {
  private final boolean training;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> owned = new ArrayList<>();
  private final List<Double> plan = new ArrayList<>();

  /**
   * No layers yet.
   *
   * @param training whether batch normalisations use this batch's statistics
   */
  public LayerSequence(boolean training) {
    this.training = training;
  }

  /** A convolution. */
  public LayerSequence then(Convolution layer) {
    int stride = layer.stride();
    if (stride > 1 && layer.readsSinglePlaces()) {
      add(Step.EVERY, stride);
      stride = 1;
    }
    Step step = layer.bias() == null ? Step.CONVOLUTION : Step.BIASED_CONVOLUTION;
    addWeights(layer);
    return add(step, stride, layer.padding(), layer.groups());
  }

  private void addWeights(Convolution layer) {
    weights.add(layer.weight().array());
    if (layer.bias() != null) {
      weights.add(layer.bias().array());
    }
  }

  /** A batch normalisation. */
  public LayerSequence then(BatchNormalisation layer) {
    boolean affine = layer.weight() != null;
    if (affine) {
      weights.add(layer.weight().array());
      weights.add(layer.bias().array());
    }
    weights.add(layer.runningMean().array());
    weights.add(layer.runningVariance().array());
    return add(
        affine ? Step.BATCH_NORMALISATION : Step.PLAIN_BATCH_NORMALISATION,
        layer.usesBatch(training) ? 1 : 0,
        BatchNormalisation.momentum(),
        layer.epsilon());
  }

  /** Slopes of the channels. */
  public LayerSequence then(PRelu layer) {
    weights.add(layer.weight().array());
    return add(Step.PRELU);
  }

  /** A linear map of the last axis. */
  public LayerSequence then(Linear layer) {
    weights.add(layer.weight().array());
    if (layer.bias() != null) {
      weights.add(layer.bias().array());
    }
    return add(Step.LINEAR, layer.bias() == null ? 0 : 1);
  }

  /** A normalisation of the last axis. */
  public LayerSequence then(LayerNormalisation layer) {
    weights.add(layer.weight().array());
    weights.add(layer.bias().array());
    return add(Step.LAYER_NORMALISATION, layer.epsilon());
  }

  /** max(x, 0). */
  public LayerSequence relu() {
    return add(Step.RELU);
  }

  /** min(max(x, 0), 6). */
  public LayerSequence relu6() {
    return add(Step.RELU6);
  }

  /** x Phi(x) with the exact error function. */
  public LayerSequence gelu() {
    return add(Step.GELU);
  }

  /**
   * Multi-head attention of tokens to each other, {@code (B, N, 3 C)} to {@code (B, N, C)}: of each
   * token its query, key and value side by side, each {@code (heads, C / heads)}.
   */
  public LayerSequence attention(int heads) {
    return add(Step.ATTENTION, heads);
  }

  /**
   * Attention of channels to each other, {@code (B, N, 3 C)} to {@code (B, N, C)}: q, k and v of a
   * head as {@code (C / heads, N)}, rows of q and k divided by their length, softmax(temperature q
   * k^T) v.
   *
   * @param temperature {@code (heads, 1, 1)}
   */
  public LayerSequence channelAttention(int heads, Weight temperature) {
    weights.add(temperature.array());
    return add(Step.CHANNEL_ATTENTION, heads);
  }

  /**
   * Attention within windows of tokens, {@code (B, windows n, 3 C)} to {@code (B, windows n, C)}.
   *
   * @param table biases of pairs of tokens, {@code (rows, heads)}
   * @param positions row of each pair (query, key) of a window, int64 {@code (n n)}; the row behind
   *     the table is zero
   * @param mask added for each window and pair, {@code (windows, 1, n, n)}; null: nothing
   */
  public LayerSequence windowAttention(
      int heads, int windows, Weight table, NDArray positions, NDArray mask) {
    weights.add(table.array());
    own(positions);
    if (mask != null) {
      own(mask);
    }
    return add(Step.WINDOW_ATTENTION, heads, windows, mask == null ? 0 : 1);
  }

  /**
   * Tokens of windows back in a grid's order, {@code (B, windows n, C)} to {@code (B, N, C)}, then
   * the means over the windows of what stands behind their places, {@code (B, N + n - area, C)}.
   *
   * @param area places of a window, the first of its n tokens
   * @param scatter for each token of the grid its place among those of the windows, int64 {@code
   *     (N)}
   */
  public LayerSequence mergeWindows(int windows, int area, NDArray scatter) {
    own(scatter);
    return add(Step.MERGE_WINDOWS, windows, area);
  }

  /** Slices along axis 1 by an index of type int64, which is closed after the run. */
  public LayerSequence choose(NDArray index) {
    own(index);
    return add(Step.CHOOSE);
  }

  /**
   * Groups of channels of {@code (B, C, H, W)}, each added to what the convolution of the group
   * before gave and mapped by its own; those left over pass unchanged.
   *
   * @param convolutions depthwise, with bias, of one width and padding
   */
  public LayerSequence cascade(List<Convolution> convolutions) {
    convolutions.forEach(this::addWeights);
    Convolution first = convolutions.get(0);
    return add(Step.CASCADE, convolutions.size(), first.groups(), first.padding());
  }

  /**
   * Adds what a convolution with bias makes of a table, as tokens.
   *
   * @param table {@code (1, n, H, W)}, closed after the run
   */
  public LayerSequence addPositions(NDArray table, Convolution projection) {
    own(table);
    addWeights(projection);
    return add(Step.POSITIONS);
  }

  /** Multiplies by a weight that is spread over the axes before its own. */
  public LayerSequence scale(Weight factors) {
    return scale(factors.array());
  }

  /** Multiplies by an array of the caller's, spread likewise. */
  public LayerSequence scale(NDArray factors) {
    weights.add(factors);
    return add(Step.SCALE);
  }

  /** The channels innermost in memory, {@code (B, C, H, W)}: all later layers keep that. */
  public LayerSequence channelsLast() {
    return add(Step.CHANNELS_LAST);
  }

  /** {@code (B, ...)} to {@code (B, n)}. */
  public LayerSequence flatten() {
    return add(Step.FLATTEN);
  }

  /** {@code (B, C, H, W)} to {@code (B, H, W, C)}. */
  public LayerSequence toPlaces() {
    return add(Step.TO_PLACES);
  }

  /** {@code (B, H, W, C)} to {@code (B, C, H, W)}. */
  public LayerSequence toMaps() {
    return add(Step.TO_MAPS);
  }

  /** {@code (B, C, H, W)} to tokens {@code (B, H W, C)}. */
  public LayerSequence toTokens() {
    return add(Step.TO_TOKENS);
  }

  /** Other sizes of the two or three axes behind the first. */
  public LayerSequence reshape(double... axes) {
    return add(Step.RESHAPE, axes);
  }

  /** Tokens {@code (B, N, C)} to their mean {@code (B, C)}. */
  public LayerSequence meanToken() {
    return add(Step.MEAN_TOKEN);
  }

  /** Keeps the array as it is now. */
  public LayerSequence keep() {
    return add(Step.KEEP);
  }

  /** Goes on with the array that was kept, and keeps this one. */
  public LayerSequence swap() {
    return add(Step.SWAP);
  }

  /** Adds the array that was kept, and keeps the sum. */
  public LayerSequence addKept() {
    return add(Step.ADD_KEPT);
  }

  /** Begins a branch: the array as it is now waits for {@link #join}. */
  public LayerSequence branch() {
    return add(Step.BRANCH);
  }

  /** Ends the last branch that was begun: adds this array to the one that waits. */
  public LayerSequence join() {
    return add(Step.JOIN);
  }

  /** An array that the run closes. */
  private void own(NDArray array) {
    weights.add(array);
    owned.add(array);
  }

  private LayerSequence add(Step step, double... numbers) {
    plan.add((double) step.ordinal());
    for (int i = 0; i < LayerProgram.NUMBERS - 1; i++) {
      plan.add(i < numbers.length ? numbers[i] : 0);
    }
    return this;
  }

  /** Whether there is no layer. */
  public boolean isEmpty() {
    return plan.isEmpty();
  }

  /**
   * The result of the last layer; it belongs to the manager of the input.
   *
   * @throws IllegalStateException if no layer has weights
   */
  public NDArray run(NDArray x) {
    if (weights.isEmpty()) {
      throw new IllegalStateException("a sequence of layers needs weights");
    }
    try {
      return TorchOps.layers(x, weights, List.copyOf(plan));
    } finally {
      owned.forEach(NDArray::close);
    }
  }
}
