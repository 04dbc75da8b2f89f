package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.PRelu;

/** Convolution without bias, batch normalisation and an activation. */
final class ConvolutionUnit extends ImageLayer {
  private final Convolution convolution;
  private final BatchNormalisation normalisation;
  private final Activation activation;
  private final PRelu slopes;

  ConvolutionUnit(Convolution convolution, int channels, Activation activation) {
    this.convolution = child("conv", convolution);
    this.activation = activation;
    normalisation = child("bn", new BatchNormalisation(channels));
    slopes = activation == Activation.PRELU ? child("prelu", new PRelu(channels)) : null;
  }

  @Override
  void addTo(LayerSequence steps) {
    steps.then(convolution).then(normalisation);
    switch (activation) {
      case NONE -> {}
      case PRELU -> steps.then(slopes);
      case RELU -> steps.relu();
      case RELU6 -> steps.relu6();
    }
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    String y = graph.batchNormalisation(graph.convolution(x, convolution), normalisation);
    return switch (activation) {
      case NONE -> y;
      case PRELU -> graph.prelu(y, slopes);
      case RELU -> graph.relu(y);
      case RELU6 -> graph.relu6(y);
    };
  }
}
