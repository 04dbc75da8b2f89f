package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.LayerSequence;

/** Expand by 1x1, filter each channel by 3x3, project by 1x1; the input is added if it fits. */
final class InvertedResidual extends ImageLayer {
  private final ConvolutionUnit expand;
  private final ConvolutionUnit filter;
  private final ConvolutionUnit project;
  private final boolean residual;

  InvertedResidual(
      int in, int out, int expansion, int stride, boolean residual, Activation activation) {
    expand =
        child(
            "conv",
            new ConvolutionUnit(Convolution.of(in, expansion, 1).build(), expansion, activation));
    filter =
        child(
            "conv_dw",
            new ConvolutionUnit(
                Convolution.of(expansion, expansion, 3)
                    .stride(stride)
                    .padding(1)
                    .groups(expansion)
                    .build(),
                expansion,
                activation));
    project =
        child(
            "project",
            new ConvolutionUnit(Convolution.of(expansion, out, 1).build(), out, Activation.NONE));
    this.residual = residual;
  }

  @Override
  void addTo(LayerSequence steps) {
    steps.keep();
    expand.addTo(steps);
    filter.addTo(steps);
    project.addTo(steps);
    if (residual) {
      steps.addKept();
    }
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    String y = project.writeTo(graph, filter.writeTo(graph, expand.writeTo(graph, x)));
    return residual ? graph.add(y, x) : y;
  }
}
