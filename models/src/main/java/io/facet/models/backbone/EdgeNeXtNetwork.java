package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.EdgeNeXtBlock.Grid;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** EdgeNeXt with weights named as timm names them. */
final class EdgeNeXtNetwork extends Network implements OnnxExportable {
  static final double EPSILON = 1e-6;
  private static final int SIDE = 112;
  private static final int[] KERNELS = {3, 5, 7, 9};
  private static final int[] GROUPS = {2, 2, 3, 4};

  private final EdgeNeXt.Size size;
  private final int embeddingSize;
  private final Convolution stem;
  private final LayerNormalisation stemNorm;
  private final List<Stage> stages = new ArrayList<>();
  private final LayerNormalisation headNorm;
  private final Linear head;

  /**
   * @param norm of the map before {@code reduction}; both null in the first stage
   */
  private record Stage(
      LayerNormalisation norm, Convolution reduction, List<EdgeNeXtBlock> blocks) {}

  EdgeNeXtNetwork(EdgeNeXt.Size size, int embeddingSize) {
    this.size = size;
    this.embeddingSize = embeddingSize;
    int[] widths = size.widths();
    stem = child("stem.0", patches(3, widths[0], 4));
    stemNorm = child("stem.1", new LayerNormalisation(widths[0], EPSILON));
    for (int stage = 0; stage < 4; stage++) {
      stages.add(stage(stage, widths));
    }
    headNorm = child("head.norm", new LayerNormalisation(widths[3], EPSILON));
    head = child("head.fc", TransformerInitialisers.linear(widths[3], embeddingSize));
  }

  private Stage stage(int stage, int[] widths) {
    String prefix = "stages." + stage + ".";
    LayerNormalisation norm = null;
    Convolution reduction = null;
    if (stage > 0) {
      norm = child(prefix + "downsample.0", new LayerNormalisation(widths[stage - 1], EPSILON));
      reduction = child(prefix + "downsample.1", patches(widths[stage - 1], widths[stage], 2));
    }
    List<EdgeNeXtBlock> blocks = new ArrayList<>();
    int depth = size.depths()[stage];
    for (int block = 0; block < depth; block++) {
      boolean attends = stage > 0 && block == depth - 1;
      blocks.add(
          child(
              prefix + "blocks." + block,
              attends
                  ? new SplitTransposeBlock(widths[stage], GROUPS[stage], size.heads(), stage == 1)
                  : new ConvolutionBlock(widths[stage], KERNELS[stage])));
    }
    return new Stage(norm, reduction, blocks);
  }

  static Convolution depthwise(int width, int kernel) {
    return Convolution.of(width, width, kernel)
        .padding(kernel / 2)
        .groups(width)
        .withBias()
        .initialiser(TransformerInitialisers.WEIGHT)
        .build();
  }

  private static Convolution patches(int in, int out, int side) {
    return Convolution.of(in, out, side)
        .stride(side)
        .withBias()
        .initialiser(TransformerInitialisers.WEIGHT)
        .build();
  }

  @Override
  public Features forward(NDArray images, Set<String> taps, boolean training) {
    TappedSequence x = new TappedSequence(images, taps, training);
    normalise(x.steps().then(stem), stemNorm);
    Grid grid =
        new Grid(
                images.getManager(), (int) images.getShape().get(2), (int) images.getShape().get(3))
            .dividedBy(stem.stride());
    for (int stage = 0; stage < 4; stage++) {
      grid = addTo(x.steps(), stages.get(stage), grid);
      x.tap("stage" + (stage + 1));
    }
    x.tap("last");
    x.steps().toTokens().meanToken().then(headNorm).then(head);
    return x.end();
  }

  /** Adds a stage and returns the grid that it leaves. */
  private static Grid addTo(LayerSequence steps, Stage stage, Grid grid) {
    Grid left = grid;
    if (stage.reduction() != null) {
      normalise(steps, stage.norm());
      steps.then(stage.reduction());
      left = grid.dividedBy(stage.reduction().stride());
    }
    for (EdgeNeXtBlock block : stage.blocks()) {
      block.addTo(steps, left);
    }
    return left;
  }

  /** Normalises over the channels of each place of {@code (B, C, H, W)}. */
  private static void normalise(LayerSequence steps, LayerNormalisation norm) {
    steps.toPlaces().then(norm).toMaps();
  }

  @Override
  public int embeddingSize() {
    return embeddingSize;
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, SIDE, SIDE);
  }

  @Override
  public Map<String, Shape> taps() {
    Map<String, Shape> taps = new LinkedHashMap<>();
    int side = SIDE / 4;
    for (int stage = 0; stage < 4; stage++) {
      Shape shape = new Shape(size.widths()[stage], side, side);
      taps.put("stage" + (stage + 1), shape);
      taps.put("last", shape);
      side /= 2;
    }
    return taps;
  }

  @Override
  public String writeTo(OnnxGraph graph, String images) {
    OnnxTokens ops = new OnnxTokens(graph);
    String x = ops.normalise(graph.convolution(images, stem), stemNorm);
    int side = SIDE / 4;
    for (Stage stage : stages) {
      if (stage.reduction() != null) {
        x = graph.convolution(ops.normalise(x, stage.norm()), stage.reduction());
        side /= 2;
      }
      for (EdgeNeXtBlock block : stage.blocks()) {
        x = block.writeTo(graph, x, side);
      }
    }
    String pooled = ops.mean(ops.tokens(x));
    return graph.linear(graph.layerNormalisation(pooled, headNorm), head);
  }
}
