package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ViT with weights named as in arcface_torch. Taps: {@code stage1} to {@code stage4}, the spatial
 * tokens as maps {@code (C, H, W)} after each quarter of the blocks; {@code tokens}, the spatial
 * tokens after the last block; {@code last}, the same followed by the outputs of the prompts.
 */
final class VisionTransformerNetwork extends PromptableNetwork implements OnnxExportable {
  private static final int STAGES = 4;
  private static final double NORM_EPSILON = 1e-5;
  private static final double HEAD_EPSILON = 2e-5;

  private final VisionTransformer.Options options;
  private final int side;
  private final int tokens;
  private final ConvolutionalStem stem;
  private final Convolution patches;
  private final Weight positions;
  private final TokenMask mask;
  private final Weight maskToken;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final LayerNormalisation norm;
  private final Linear reduction;
  private final BatchNormalisation reductionNorm;
  private final Linear head;
  private final BatchNormalisation headNorm;

  VisionTransformerNetwork(VisionTransformer.Options options) {
    this.options = options;
    side = options.image() / options.patchSide();
    tokens = side * side;
    int width = options.width();
    int patch = options.patchSide();
    positions = vector("pos_embed", TransformerInitialisers.WEIGHT, 1, tokens, width);
    stem =
        options.stem() == VisionTransformer.Stem.CONVOLUTION
            ? child("patch_embed.stem", new ConvolutionalStem(patch, width))
            : null;
    patches =
        child(
            "patch_embed.proj",
            projection(stem == null ? 3 : width, width, stem == null ? patch : 1));
    double masked = options.maskRatio().orElseThrow();
    mask = masked > 0 ? new TokenMask(tokens, masked) : null;
    maskToken = mask == null ? null : vector("mask_token", Initialiser.normal(0.02), 1, 1, width);
    int hidden = (int) (width * options.mlpRatio());
    for (int i = 0; i < options.blocks(); i++) {
      double dropPath = options.dropPath().orElseThrow() * i / Math.max(1, options.blocks() - 1);
      blocks.add(
          child(
              "blocks." + i,
              new TransformerBlock(
                  width,
                  options.heads().orElseThrow(),
                  hidden,
                  options.activation(),
                  options.attentionBias(),
                  NORM_EPSILON,
                  dropPath)));
    }
    norm = child("norm", new LayerNormalisation(width, NORM_EPSILON));
    int pooled = options.pooling() == VisionTransformer.Pooling.FLATTEN ? tokens * width : width;
    reduction = child("feature.0", TransformerInitialisers.linearWithoutBias(pooled, width));
    reductionNorm = child("feature.1", new BatchNormalisation(width, true, HEAD_EPSILON));
    head =
        child("feature.2", TransformerInitialisers.linearWithoutBias(width, options.embedding()));
    headNorm = child("feature.3", new BatchNormalisation(options.embedding(), true, HEAD_EPSILON));
  }

  /** A linear map of each square of {@code side} places. */
  private static Convolution projection(int in, int out, int side) {
    return Convolution.of(in, out, side)
        .stride(side)
        .withBias()
        .initialiser(Initialiser.uniform(1 / Math.sqrt(in) / side))
        .build();
  }

  @Override
  public Features forward(
      NDArray images, List<NDArray> prompts, Set<String> taps, boolean training) {
    List<NDArray> given =
        PromptTokens.given(prompts, prompts.size() == 1 ? 1 : blocks.size(), "blocks");
    KeptTaps kept = new KeptTaps(taps);
    if (mask != null && training && taps.isEmpty()) {
      return new Features(embedMasked(images, given), Map.of());
    }
    NDArray last;
    try (NDArray embedded = embedded(images, training)) {
      last =
          TransformerBlock.run(
              blocks,
              embedded,
              given,
              training,
              this::block,
              (block, x) -> offerStages(kept, block, x));
    }
    NDArray spatial = PromptTokens.leading(last, tokens);
    NDArray normalised = norm.forward(spatial);
    NDArray embedding = replace(normalised, tail(normalised, training));
    kept.offer("tokens", spatial);
    kept.offer("last", last);
    kept.release(spatial);
    if (last != spatial) {
      kept.release(last);
    }
    return kept.features(embedding);
  }

  List<TransformerBlock> blocks() {
    return blocks;
  }

  private void offerStages(KeptTaps kept, int block, NDArray outputs) {
    for (int stage = 1; stage <= STAGES; stage++) {
      if (kept.wants("stage" + stage) && block == lastBlock(stage)) {
        NDArray spatial = PromptTokens.leading(outputs, tokens);
        kept.offer("stage" + stage, Axes.map(spatial, side));
        if (spatial != outputs) {
          spatial.close();
        }
      }
    }
  }

  /** Number of the block, from 0, that ends a quarter of them. */
  private int lastBlock(int stage) {
    return (blocks.size() * stage + STAGES - 1) / STAGES - 1;
  }

  /** Tokens before the first block, {@code (B, N, C)}. */
  NDArray embedded(NDArray images, boolean training) {
    return Chain.from(images)
        .then(x -> stem == null ? x : stem.forward(x, training))
        .then(patches::forward)
        .then(Axes::tokens)
        .then(x -> x.add(positions.array()))
        .end();
  }

  /** The training pass in which some tokens of each sample skip the blocks. */
  private NDArray embedMasked(NDArray images, List<NDArray> prompts) {
    try (TokenMask.Draw draw = mask.draw(images);
        NDArray filled =
            Chain.from(images)
                .then(x -> embedded(x, true))
                .then(draw::kept)
                .then(x -> TransformerBlock.run(blocks, x, prompts, true, this::block))
                .then(x -> PromptTokens.leading(x, draw.count()))
                .then(norm::forward)
                .then(x -> draw.filled(x, maskToken.array()))
                .end()) {
      return tail(filled, true);
    }
  }

  /** Normalised tokens {@code (B, N, C)} to embeddings. */
  private NDArray tail(NDArray normalised, boolean training) {
    LayerSequence steps = new LayerSequence(training);
    switch (options.pooling()) {
      case FLATTEN -> steps.flatten();
      case MEAN -> steps.meanToken();
    }
    return steps.then(reduction).then(reductionNorm).then(head).then(headNorm).run(normalised);
  }

  @Override
  public boolean hasBlocks() {
    return true;
  }

  @Override
  public Set<PromptDepth> promptDepths() {
    return EnumSet.allOf(PromptDepth.class);
  }

  @Override
  public List<Shape> promptShapes(int count, PromptDepth depth) {
    int sets = depth == PromptDepth.DEEP ? options.blocks() : 1;
    return Collections.nCopies(sets, new Shape(count, options.width()));
  }

  @Override
  public double promptBound() {
    double patch = options.patchSide();
    return Math.sqrt(6 / (3 * patch * patch + options.width()));
  }

  @Override
  public int embeddingSize() {
    return options.embedding();
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, options.image(), options.image());
  }

  @Override
  public Map<String, Shape> taps() {
    Map<String, Shape> taps = new LinkedHashMap<>();
    for (int stage = 1; stage <= STAGES; stage++) {
      taps.put("stage" + stage, new Shape(options.width(), side, side));
    }
    Shape shape = new Shape(tokens, options.width());
    taps.put("tokens", shape);
    taps.put("last", shape);
    return taps;
  }

  @Override
  public String writeTo(OnnxGraph graph, String images) {
    OnnxTokens ops = new OnnxTokens(graph);
    String maps = stem == null ? images : stem.writeTo(graph, images);
    String x = graph.add(ops.tokens(graph.convolution(maps, patches)), graph.weight(positions));
    for (TransformerBlock block : blocks) {
      x = block.writeTo(graph, x);
    }
    String normalised = graph.layerNormalisation(x, norm);
    String pooled =
        options.pooling() == VisionTransformer.Pooling.FLATTEN
            ? graph.flatten(normalised)
            : ops.mean(normalised);
    String reduced = graph.batchNormalisation(graph.linear(pooled, reduction), reductionNorm);
    return graph.batchNormalisation(graph.linear(reduced, head), headNorm);
  }
}
