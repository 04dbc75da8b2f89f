package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * EdgeNeXt's transpose-attention encoder (Maaz et al. 2022, section 3.1): channel groups through
 * depthwise convolutions, each fed by the one before; attention between channels; an MLP.
 */
final class SplitTransposeBlock extends EdgeNeXtBlock {
  private final int width;
  private final int groupWidth;
  private final List<Convolution> convolutions = new ArrayList<>();
  private final FourierPosition position;
  private final LayerNormalisation attentionNorm;
  private final Weight attentionGamma;
  private final CrossCovarianceAttention attention;
  private final LayerNormalisation norm;
  private final Mlp mlp;
  private final Weight gamma;

  /**
   * @param groups number of channel groups; the last one passes unchanged
   * @param withPosition whether a position encoding is added before the attention
   */
  SplitTransposeBlock(int width, int groups, int heads, boolean withPosition) {
    this.width = width;
    groupWidth = (width + groups - 1) / groups;
    gamma = vector("gamma", Initialiser.constant(1e-6f), width);
    attentionGamma = vector("gamma_xca", Initialiser.constant(1e-6f), width);
    for (int i = 0; i < groups - 1; i++) {
      convolutions.add(child("convs." + i, EdgeNeXtNetwork.depthwise(groupWidth, 3)));
    }
    position = withPosition ? child("pos_embd", new FourierPosition(width)) : null;
    attentionNorm = child("norm_xca", new LayerNormalisation(width, EdgeNeXtNetwork.EPSILON));
    attention = child("xca", new CrossCovarianceAttention(width, heads));
    norm = child("norm", new LayerNormalisation(width, EdgeNeXtNetwork.EPSILON));
    mlp = child("mlp", new Mlp(width, 4 * width, MlpActivation.GELU));
  }

  @Override
  void addTo(LayerSequence steps, Grid grid) {
    steps.branch().cascade(convolutions).toTokens();
    if (position != null) {
      position.addTo(steps, grid);
    }
    steps.branch().then(attentionNorm);
    attention.addTo(steps);
    steps.scale(attentionGamma).join();
    mlp.addTo(steps, norm);
    steps.scale(gamma).reshape(grid.height(), grid.width(), width).toMaps().join();
  }

  @Override
  String writeTo(OnnxGraph graph, String x, int side) {
    OnnxTokens ops = new OnnxTokens(graph);
    String tokens = ops.tokens(cascade(graph, ops, x));
    if (position != null) {
      tokens = graph.add(tokens, position.writeTo(graph, side, side));
    }
    String attended = attention.writeTo(graph, graph.layerNormalisation(tokens, attentionNorm));
    tokens = graph.add(tokens, ops.multiply(attended, attentionGamma));
    String mapped = mlp.writeTo(graph, graph.layerNormalisation(tokens, norm));
    String places = ops.reshape(ops.multiply(mapped, gamma), 0, side, side, width);
    return graph.add(x, ops.transpose(places, 0, 3, 1, 2));
  }

  private String cascade(OnnxGraph graph, OnnxTokens ops, String x) {
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < convolutions.size(); i++) {
      String group = ops.slice(x, 1, (long) i * groupWidth, (i + 1L) * groupWidth);
      String input = i == 0 ? group : graph.add(outputs.get(i - 1), group);
      outputs.add(graph.convolution(input, convolutions.get(i)));
    }
    outputs.add(ops.slice(x, 1, (long) convolutions.size() * groupWidth, width));
    return graph.node("Concat", outputs, OnnxGraph.integer("axis", 1));
  }
}
