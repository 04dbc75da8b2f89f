package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.Dropout;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.PRelu;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * IResNet with weights named as in arcface_torch.
 *
 * <p>Taps: {@code stage1} (56x56) to {@code stage4} (7x7), the sums at the end of each stage;
 * {@code last}, the same as {@code stage4}.
 */
final class IResNetNetwork extends Network implements OnnxExportable {
  private static final int SIDE = 112;
  private static final int STAGES = 4;

  private final IResNet.Options options;
  private final Convolution stem;
  private final BatchNormalisation stemNorm;
  private final PRelu stemActivation;
  private final List<List<IResNetBlock>> stages = new ArrayList<>();
  private final BatchNormalisation norm;
  private final Linear head;
  private final BatchNormalisation headNorm;

  IResNetNetwork(IResNet.Options options) {
    this.options = options;
    int channels = options.channels(0);
    stem = child("conv1", IResNetBlock.convolution(3, channels, 3, 1));
    stemNorm = child("bn1", new BatchNormalisation(channels));
    stemActivation = child("prelu", new PRelu(channels));
    for (int stage = 0; stage < STAGES; stage++) {
      List<IResNetBlock> blocks = new ArrayList<>();
      for (int i = 0; i < options.blocks(stage); i++) {
        int out = options.channels(stage);
        blocks.add(
            child(
                "layer%d.%d".formatted(stage + 1, i),
                new IResNetBlock(i == 0 ? channels : out, out, i == 0 ? 2 : 1)));
      }
      channels = options.channels(stage);
      stages.add(blocks);
    }
    int side = SIDE >> STAGES;
    norm = child("bn2", new BatchNormalisation(channels));
    head = child("fc", new Linear(channels * side * side, options.embedding(), true));
    headNorm = child("features", BatchNormalisation.withFixedScale(options.embedding()));
  }

  @Override
  public Features forward(NDArray images, Set<String> taps, boolean training) {
    TappedSequence layers = new TappedSequence(images, taps, training);
    layers.steps().channelsLast().then(stem).then(stemNorm).then(stemActivation);
    for (int stage = 0; stage < STAGES; stage++) {
      stages.get(stage).forEach(layers::then);
      layers.tap("stage" + (stage + 1));
    }
    layers.tap("last");
    layers.steps().then(norm).flatten();
    if (training && options.dropout() > 0) {
      layers.then(this::drop);
    }
    layers.steps().then(head).then(headNorm);
    return layers.end();
  }

  private NDArray drop(NDArray x) {
    return Dropout.dropout(x, (float) options.dropout(), true).head();
  }

  @Override
  public int embeddingSize() {
    return options.embedding();
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, SIDE, SIDE);
  }

  @Override
  public Map<String, Shape> taps() {
    Map<String, Shape> taps = new LinkedHashMap<>();
    for (int stage = 0; stage < STAGES; stage++) {
      int side = SIDE >> stage + 1;
      taps.put("stage" + (stage + 1), new Shape(options.channels(stage), side, side));
    }
    taps.put("last", taps.get("stage" + STAGES));
    return taps;
  }

  @Override
  public String writeTo(OnnxGraph graph, String images) {
    String x =
        graph.prelu(
            graph.batchNormalisation(graph.convolution(images, stem), stemNorm), stemActivation);
    for (int stage = 0; stage < STAGES; stage++) {
      for (IResNetBlock block : stages.get(stage)) {
        x = block.writeTo(graph, x);
      }
      graph.tap("stage" + (stage + 1), x);
    }
    graph.tap("last", x);
    String flat = graph.flatten(graph.batchNormalisation(x, norm));
    return graph.batchNormalisation(graph.linear(flat, head), headNorm);
  }
}
