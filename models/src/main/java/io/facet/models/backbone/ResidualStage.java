package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.LayerSequence;
import java.util.ArrayList;
import java.util.List;

/** Residual blocks in a row, all of one shape. */
final class ResidualStage extends ImageLayer {
  private final List<InvertedResidual> blocks = new ArrayList<>();

  ResidualStage(int channels, int expansion, int count, Activation activation) {
    for (int i = 0; i < count; i++) {
      blocks.add(
          child(
              "model." + i,
              new InvertedResidual(channels, channels, expansion, 1, true, activation)));
    }
  }

  @Override
  void addTo(LayerSequence steps) {
    blocks.forEach(block -> block.addTo(steps));
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    String y = x;
    for (InvertedResidual block : blocks) {
      y = block.writeTo(graph, y);
    }
    return y;
  }
}
