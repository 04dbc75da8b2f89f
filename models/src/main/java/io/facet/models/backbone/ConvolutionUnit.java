package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.PRelu;
import io.facet.models.tensor.TorchOps;

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
  NDArray forward(NDArray x, boolean training) {
    NDArray y = convolution.forward(x);
    y = replace(y, normalisation.forward(y, training));
    return switch (activation) {
      case NONE -> y;
      case PRELU -> replace(y, slopes.forward(y));
      case RELU -> replace(y, TorchOps.relu(y));
      case RELU6 -> replace(y, TorchOps.relu6(y));
    };
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
