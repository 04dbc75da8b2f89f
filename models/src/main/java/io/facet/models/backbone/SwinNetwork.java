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
import io.facet.models.tensor.TorchOps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Swin with weights named as in FaceX-Zoo. One prompt set a stage flows through the stage's blocks
 * and is dropped at patch merging.
 *
 * <p>Taps: {@code stage1} ... maps {@code (C, H, W)} at the end of each stage; {@code tokens}, the
 * spatial tokens of the last stage; {@code last}, the same followed by the outputs of its prompts.
 */
final class SwinNetwork extends PromptableNetwork implements OnnxExportable {
  static final double NORM_EPSILON = 1e-5;

  private final Swin.Options options;
  private final Convolution patches;
  private final LayerNormalisation patchNorm;
  private final List<Stage> stages = new ArrayList<>();
  private final LayerNormalisation norm;
  private final Linear head;
  private final BatchNormalisation headNorm;

  /**
   * @param merging of the grid after the blocks; null in the last stage
   */
  private record Stage(List<TransformerBlock> blocks, PatchMerging merging) {}

  SwinNetwork(Swin.Options options, double epsilon) {
    this.options = options;
    int patch = options.patchSide();
    patches =
        child(
            "patch_embed.proj",
            Convolution.of(3, options.width(0), patch)
                .stride(patch)
                .withBias()
                .initialiser(Initialiser.uniform(1 / Math.sqrt(3) / patch))
                .build());
    patchNorm = child("patch_embed.norm", new LayerNormalisation(options.width(0), epsilon));
    int before = 0;
    for (int stage = 0; stage < options.stages(); stage++) {
      stages.add(stage(stage, before, epsilon));
      before += options.depth(stage);
    }
    int last = options.stages() - 1;
    int width = options.width(last);
    int side = options.side(last);
    norm = child("output_layer.0", new LayerNormalisation(width, epsilon));
    head =
        child(
            "output_layer.2",
            TransformerInitialisers.linear(side * side * width, options.embedding()));
    headNorm = child("output_layer.3", new BatchNormalisation(options.embedding()));
  }

  private Stage stage(int stage, int blocksBefore, double epsilon) {
    int width = options.width(stage);
    int side = options.side(stage);
    int window = Math.min(options.window(), side);
    int all = options.depths().orElseThrow().stream().mapToInt(Integer::intValue).sum();
    String prefix = "layers." + stage + ".";
    List<TransformerBlock> blocks = new ArrayList<>();
    for (int i = 0; i < options.depth(stage); i++) {
      int shift = i % 2 == 1 && window < side ? window / 2 : 0;
      WindowAttention attention =
          new WindowAttention(
              width, options.heads(stage), side, window, shift, options.attentionBias());
      double dropPath = options.dropPath() * (blocksBefore + i) / Math.max(1, all - 1);
      blocks.add(
          child(
              prefix + "blocks." + i,
              new TransformerBlock(
                  width,
                  attention,
                  (int) (width * options.mlpRatio()),
                  MlpActivation.GELU,
                  epsilon,
                  dropPath)));
    }
    PatchMerging merging =
        stage + 1 < options.stages()
            ? child(prefix + "downsample", new PatchMerging(width, side, epsilon))
            : null;
    return new Stage(blocks, merging);
  }

  @Override
  public Features forward(
      NDArray images, List<NDArray> prompts, Set<String> taps, boolean training) {
    List<NDArray> given = PromptTokens.given(prompts, stages.size(), "stages");
    KeptTaps kept = new KeptTaps(taps);
    NDArray x =
        Chain.from(images)
            .then(this::enlarged)
            .then(new LayerSequence(training).then(patches).toTokens().then(patchNorm)::run)
            .end();
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      List<NDArray> own = given.isEmpty() ? List.of() : List.of(given.get(i));
      NDArray last = TransformerBlock.run(stage.blocks(), x, own, training, this::block);
      x.close();
      x = PromptTokens.leading(last, (long) options.side(i) * options.side(i));
      if (kept.wants("stage" + (i + 1))) {
        kept.offer("stage" + (i + 1), Axes.map(x, options.side(i)));
      }
      if (stage.merging() == null) {
        kept.offer("last", last);
      }
      if (last != x) {
        kept.release(last);
      }
      if (stage.merging() != null) {
        x = replace(x, stage.merging().forward(x));
      }
    }
    NDArray embedding =
        new LayerSequence(training).then(norm).flatten().then(head).then(headNorm).run(x);
    kept.offer("tokens", x);
    kept.release(x);
    return kept.features(embedding);
  }

  private NDArray enlarged(NDArray images) {
    return options.image() == options.inputSide()
        ? images
        : TorchOps.resize(images, options.image());
  }

  @Override
  public boolean hasBlocks() {
    return true;
  }

  @Override
  public Set<PromptDepth> promptDepths() {
    return Set.of(PromptDepth.DEEP); // prompts end where the grid is merged
  }

  @Override
  public List<Shape> promptShapes(int count, PromptDepth depth) {
    List<Shape> shapes = new ArrayList<>();
    for (int stage = 0; stage < options.stages(); stage++) {
      shapes.add(new Shape(count, options.width(stage)));
    }
    return shapes;
  }

  @Override
  public double promptBound() {
    int patch = options.patchSide();
    return Math.sqrt(6.0 / (3.0 * patch * patch + options.width(0)));
  }

  @Override
  public int embeddingSize() {
    return options.embedding();
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, options.inputSide(), options.inputSide());
  }

  @Override
  public Map<String, Shape> taps() {
    Map<String, Shape> taps = new LinkedHashMap<>();
    for (int stage = 0; stage < options.stages(); stage++) {
      int side = options.side(stage);
      taps.put("stage" + (stage + 1), new Shape(options.width(stage), side, side));
    }
    int last = options.stages() - 1;
    Shape tokens = new Shape((long) options.side(last) * options.side(last), options.width(last));
    taps.put("tokens", tokens);
    taps.put("last", tokens);
    return taps;
  }

  @Override
  public String writeTo(OnnxGraph graph, String images) {
    String image = images;
    if (options.image() != options.inputSide()) {
      image = graph.resize(images, (double) options.image() / options.inputSide());
    }
    String maps = graph.convolution(image, patches);
    String x = graph.layerNormalisation(new OnnxTokens(graph).tokens(maps), patchNorm);
    for (Stage stage : stages) {
      for (TransformerBlock block : stage.blocks()) {
        x = block.writeTo(graph, x);
      }
      if (stage.merging() != null) {
        x = stage.merging().writeTo(graph, x);
      }
    }
    String flat = graph.flatten(graph.layerNormalisation(x, norm));
    return graph.batchNormalisation(graph.linear(flat, head), headNorm);
  }
}
