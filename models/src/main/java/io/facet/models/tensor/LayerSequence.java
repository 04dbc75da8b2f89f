package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after another in one call of PyTorch. A call from Java costs a handle for each
 * argument and each result, so that a network called layer by layer makes thousands of them a step.
 * Each step computes what the layer's own {@code forward} does, bit for bit.
 *
 * <p>Beside the array that goes through the layers one more is held, at first the input: {@link
 * #keep}, {@link #swap} and {@link #addKept} make residual blocks of it.
 */
public final class LayerSequence {
  /** Four numbers a step: which of {@link Step}, then up to three of its own. */
  static final String PROGRAM =
      """
      def layers(self: __torch__.Module_, x: Tensor, weights: List[Tensor], plan: Tensor) -> Tensor:
        numbers = annotate(List[float], plan.tolist())
        y = x
        kept = x
        w = 0
        for i in range(len(numbers) // 4):
          step = int(numbers[4 * i])
          a = numbers[4 * i + 1]
          b = numbers[4 * i + 2]
          c = numbers[4 * i + 3]
          if step == 0:
            y = torch.conv2d(y, weights[w], None, [int(a), int(a)], [int(b), int(b)], [1, 1], int(c))
            w = w + 1
          elif step == 1:
            y = torch.batch_norm(y, weights[w], weights[w + 1], weights[w + 2], weights[w + 3], bool(a), b, c, False)
            w = w + 4
          elif step == 2:
            y = torch.batch_norm(y, None, None, weights[w], weights[w + 1], bool(a), b, c, False)
            w = w + 2
          elif step == 3:
            y = torch.prelu(y, weights[w])
            w = w + 1
          elif step == 4:
            y = torch.relu(y)
          elif step == 5:
            y = torch.relu6(y)
          elif step == 6:
            y = torch.gelu(y)
          elif step == 7:
            kept = y
          elif step == 8:
            other = kept
            kept = y
            y = other
          elif step == 9:
            y = torch.add(y, kept)
            kept = y
          elif step == 10:
            y = torch.contiguous(y, memory_format=2)
          elif step == 11:
            y = torch.slice(torch.slice(y, 2, None, None, int(a)), 3, None, None, int(a))
          elif step == 12:
            y = torch.reshape(y, [torch.size(y, 0), -1])
          elif step == 13:
            matrix = weights[w]
            w = w + 1
            if torch.dim(y) == 3 and torch.size(y, 1) > 1:
              columns = torch.unsqueeze(torch.transpose(y, 1, 2), 2)
              kernel = torch.unsqueeze(torch.unsqueeze(matrix, 2), 3)
              if bool(a):
                mapped = torch.conv2d(columns, kernel, weights[w])
              else:
                mapped = torch.conv2d(columns, kernel, None)
              y = torch.transpose(torch.squeeze(mapped, 2), 1, 2)
            elif torch.dim(y) == 2 and bool(a):
              y = torch.addmm(weights[w], y, torch.t(matrix))
            else:
              y = torch.matmul(y, torch.t(matrix))
              if bool(a):
                y = torch.add_(y, weights[w])
            w = w + int(a)
          elif step == 14:
            y = torch.layer_norm(y, [torch.size(weights[w], 0)], weights[w], weights[w + 1], a)
            w = w + 2
          elif step == 15:
            y = torch.mean(y, [1])
          else:
            batch, count, width, = torch.size(y)
            parts = torch.reshape(y, [batch, count, 3, int(a), -1])
            q, k, v, = torch.unbind(torch.permute(parts, [2, 0, 3, 1, 4]))
            joined = torch.transpose(torch.scaled_dot_product_attention(q, k, v), 1, 2)
            y = torch.reshape(joined, [batch, count, -1])
        return y
      """;

  /** The program's steps in the order of their numbers. */
  private enum Step {
    CONVOLUTION,
    BATCH_NORMALISATION,
    PLAIN_BATCH_NORMALISATION,
    PRELU,
    RELU,
    RELU6,
    GELU,
    KEEP,
    SWAP,
    ADD_KEPT,
    CHANNELS_LAST,
    EVERY,
    FLATTEN,
    LINEAR,
    LAYER_NORMALISATION,
    MEAN_TOKEN,
    ATTENTION
  }

  private static final int NUMBERS = 4;

  private final boolean training;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<Double> plan = new ArrayList<>();

  /**
   * No layers yet.
   *
   * @param training whether batch normalisations use this batch's statistics
   */
  public LayerSequence(boolean training) {
    this.training = training;
  }

  /** A convolution without bias. */
  public LayerSequence then(Convolution layer) {
    if (layer.bias() != null) {
      throw new IllegalArgumentException("a convolution with bias has no place in a sequence");
    }
    int stride = layer.stride();
    if (stride > 1 && layer.readsSinglePlaces()) {
      add(Step.EVERY, stride);
      stride = 1;
    }
    weights.add(layer.weight().array());
    return add(Step.CONVOLUTION, stride, layer.padding(), layer.groups());
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

  /** The channels innermost in memory, {@code (B, C, H, W)}: all later layers keep that. */
  public LayerSequence channelsLast() {
    return add(Step.CHANNELS_LAST);
  }

  /** {@code (B, ...)} to {@code (B, n)}. */
  public LayerSequence flatten() {
    return add(Step.FLATTEN);
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

  private LayerSequence add(Step step, double... numbers) {
    plan.add((double) step.ordinal());
    for (int i = 0; i < NUMBERS - 1; i++) {
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
    return TorchOps.layers(x, weights, List.copyOf(plan));
  }
}
