package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.LayerNormalisation;
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
  NDArray forward(NDArray x) {
    long batch = x.getShape().get(0);
    long height = x.getShape().get(2);
    long side = x.getShape().get(3);
    try (NDArray branch =
        Chain.from(x)
            .then(this::cascade)
            .then(maps -> addPosition(maps, height, side))
            .then(this::attend)
            .then(y -> mlp.forward(y, norm))
            .then(y -> y.mul(gamma.array()))
            .then(y -> y.reshape(batch, height, side, width))
            .then(Axes::channelsFirst)
            .end()) {
      return x.add(branch);
    }
  }

  private NDArray cascade(NDArray x) {
    long[] cuts = new long[convolutions.size()];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = (long) (i + 1) * groupWidth;
    }
    NDList groups = x.split(cuts, 1);
    NDList outputs = new NDList();
    for (int i = 0; i < convolutions.size(); i++) {
      NDArray input = i == 0 ? groups.get(0) : outputs.get(i - 1).add(groups.get(i));
      outputs.add(convolutions.get(i).forward(input));
      input.close();
    }
    outputs.add(groups.get(groups.size() - 1));
    NDArray joined = NDArrays.concat(outputs, 1);
    outputs.close();
    groups.close();
    return joined;
  }

  private NDArray addPosition(NDArray maps, long height, long side) {
    NDArray tokens = Axes.tokens(maps);
    if (position == null) {
      return tokens;
    }
    try (tokens;
        NDArray encoding = position.forward(maps.getManager(), (int) height, (int) side)) {
      return tokens.add(encoding);
    }
  }

  private NDArray attend(NDArray tokens) {
    try (NDArray attended =
        Chain.from(tokens)
            .then(attentionNorm::forward)
            .then(attention::forward)
            .then(y -> y.mul(attentionGamma.array()))
            .end()) {
      return tokens.add(attended);
    }
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
