package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Weight;

/** EdgeNeXt's convolution encoder: depthwise convolution, then an MLP of each place, scaled. */
final class ConvolutionBlock extends EdgeNeXtBlock {
  private final Convolution depthwise;
  private final LayerNormalisation norm;
  private final Mlp mlp;
  private final Weight gamma;

  ConvolutionBlock(int width, int kernel) {
    gamma = vector("gamma", Initialiser.constant(1e-6f), width);
    depthwise = child("conv_dw", EdgeNeXtNetwork.depthwise(width, kernel));
    norm = child("norm", new LayerNormalisation(width, EdgeNeXtNetwork.EPSILON));
    mlp = child("mlp", new Mlp(width, 4 * width, MlpActivation.GELU));
  }

  @Override
  void addTo(LayerSequence steps, Grid grid) {
    steps.branch().then(depthwise).toPlaces();
    mlp.addTo(steps, norm);
    steps.scale(gamma).toMaps().join();
  }

  @Override
  String writeTo(OnnxGraph graph, String x, int side) {
    OnnxTokens tokens = new OnnxTokens(graph);
    String places = tokens.transpose(graph.convolution(x, depthwise), 0, 2, 3, 1);
    String mapped = mlp.writeTo(graph, graph.layerNormalisation(places, norm));
    return graph.add(x, tokens.transpose(tokens.multiply(mapped, gamma), 0, 3, 1, 2));
  }
}
