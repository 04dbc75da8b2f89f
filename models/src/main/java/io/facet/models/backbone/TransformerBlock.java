package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.NewArray;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Attention and MLP, each normalised before and added to its input. */
final class TransformerBlock extends Layer {
  private final LayerNormalisation attentionNorm;
  private final Attention attention;
  private final LayerNormalisation mlpNorm;
  private final Mlp mlp;
  private final double dropPath;

  /**
   * @param activation inside the MLP
   * @param epsilon of the normalisations
   * @param dropPath chance that a sample skips a branch in training; uses the engine's generator
   */
  TransformerBlock(
      int width,
      int heads,
      int hidden,
      MlpActivation activation,
      boolean attentionBias,
      double epsilon,
      double dropPath) {
    this(
        width,
        new SelfAttention(width, heads, attentionBias),
        hidden,
        activation,
        epsilon,
        dropPath);
  }

  /** A block with any kind of attention. */
  TransformerBlock(
      int width,
      Attention attention,
      int hidden,
      MlpActivation activation,
      double epsilon,
      double dropPath) {
    attentionNorm = child("norm1", new LayerNormalisation(width, epsilon));
    this.attention = child("attn", attention);
    mlpNorm = child("norm2", new LayerNormalisation(width, epsilon));
    mlp = child("mlp", new Mlp(width, hidden, activation));
    this.dropPath = dropPath;
  }

  /** {@code (B, N, C)} to {@code (B, N, C)}. */
  NDArray forward(NDArray tokens, boolean training) {
    return pass(tokens, training).apply(tokens);
  }

  /**
   * What {@link #forward} computes, with stochastic depth (Huang et al. 2016) drawn now: the same
   * each time it is applied in this step.
   *
   * @param tokens tells batch and device
   */
  UnaryOperator<NDArray> pass(NDArray tokens, boolean training) {
    if (!drops(training)) {
      return x -> forward(x, steps -> {}, steps -> {});
    }
    NDArray attended = keptBranches(tokens);
    NDArray mapped = keptBranches(tokens);
    return x -> forward(x, steps -> steps.scale(attended), steps -> steps.scale(mapped));
  }

  private NDArray forward(
      NDArray tokens, Consumer<LayerSequence> dropAttention, Consumer<LayerSequence> dropMlp) {
    LayerSequence steps = new LayerSequence(false).branch();
    attention.addTo(steps, attentionNorm, tokens);
    dropAttention.accept(steps);
    steps.join().branch();
    mlp.addTo(steps, mlpNorm);
    dropMlp.accept(steps);
    return steps.join().run(tokens);
  }

  private boolean drops(boolean training) {
    return training && dropPath > 0;
  }

  /** Zero for a sample that skips a branch, else a factor that keeps the expected value. */
  private NDArray keptBranches(NDArray tokens) {
    Shape perSample = new Shape(tokens.getShape().get(0), 1, 1);
    // Drawn on the host, so that every device drops the same.
    try (NDArray draw =
            NewArray.upload(
                tokens.getManager().randomUniform(0, 1, perSample), tokens.getDevice());
        NDArray kept = draw.gte(dropPath);
        NDArray mask = kept.toType(DataType.FLOAT32, false)) {
      return mask.div(1 - dropPath);
    }
  }

  /**
   * Runs blocks one after another. With prompts, those of block i stand behind the tokens while it
   * runs and take the place of the outputs of the prompts before (VPT-deep, Jia et al. 2022). Where
   * there are fewer sets than blocks, the outputs of the last set travel on (one set: VPT-shallow).
   *
   * @param tokens {@code (B, N, C)}; the caller keeps it
   * @param prompts one array for each of the first blocks: {@code (t, C)} for all samples alike, or
   *     {@code (B, t, C)}, row b for sample b
   * @return {@code (B, N + t, C)}
   */
  static NDArray run(
      List<TransformerBlock> blocks,
      NDArray tokens,
      List<NDArray> prompts,
      boolean training,
      BlockRun how) {
    return run(blocks, tokens, prompts, training, how, (block, outputs) -> {});
  }

  /**
   * The same, shown to a listener.
   *
   * @param after told the number of each block, from 0, and its outputs, which are freed later
   */
  static NDArray run(
      List<TransformerBlock> blocks,
      NDArray tokens,
      List<NDArray> prompts,
      boolean training,
      BlockRun how,
      BiConsumer<Integer, NDArray> after) {
    long count = tokens.getShape().get(1);
    Chain chain = Chain.from(tokens);
    for (int i = 0; i < blocks.size(); i++) {
      UnaryOperator<NDArray> pass = blocks.get(i).pass(tokens, training);
      if (i < prompts.size()) {
        NDArray prompt = prompts.get(i);
        chain.then(x -> how.run(x, y -> prompted(y, count, prompt, pass)));
      } else {
        chain.then(x -> how.run(x, pass));
      }
      after.accept(i, chain.end());
    }
    return chain.end();
  }

  /** The first tokens with a prompt behind them through a block. */
  private static NDArray prompted(
      NDArray tokens, long count, NDArray prompt, UnaryOperator<NDArray> pass) {
    return Chain.from(tokens)
        .then(x -> PromptTokens.leading(x, count))
        .then(x -> PromptTokens.append(x, prompt))
        .then(pass)
        .end();
  }

  String writeTo(OnnxGraph graph, String tokens) {
    String attended = attention.writeTo(graph, graph.layerNormalisation(tokens, attentionNorm));
    String sum = graph.add(tokens, attended);
    return graph.add(sum, mlp.writeTo(graph, graph.layerNormalisation(sum, mlpNorm)));
  }
}
