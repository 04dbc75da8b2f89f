package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.export.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.PRelu;

/** Convolution without bias, batch normalisation and, if wanted, PReLU. */
final class ConvolutionUnit extends ImageLayer {
  private final Convolution convolution;
  private final BatchNormalisation normalisation;
  private final PRelu activation;

  ConvolutionUnit(Convolution convolution, int channels, boolean activated) {
    this.convolution = child("conv", convolution);
    normalisation = child("bn", new BatchNormalisation(channels));
    activation = activated ? child("prelu", new PRelu(channels)) : null;
  }

  @Override
  NDArray forward(NDArray x, boolean training) {
    NDArray y = convolution.forward(x);
    y = replace(y, normalisation.forward(y, training));
    return activation == null ? y : replace(y, activation.forward(y));
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    String y = graph.batchNormalisation(graph.convolution(x, convolution), normalisation);
    return activation == null ? y : graph.prelu(y, activation);
  }
}
