package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.LayerSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Images {@code (B, 3, S, S)} to maps {@code (B, width, S / patch, S / patch)}: convolutions 3x3 of
 * stride 2, each with batch normalisation and ReLU, whose channels double up to {@code width}.
 *
 * <p>Source: Xiao et al. 2021, "Early Convolutions Help Transformers See Better", section 4.
 */
final class ConvolutionalStem extends ImageLayer {
  private static final int COLOURS = 3;

  private final List<ConvolutionUnit> units = new ArrayList<>();

  /**
   * @param patch image pixels per step of the maps, a power of two from 2
   * @param width channels of the maps, a multiple of {@code patch / 2}
   */
  ConvolutionalStem(int patch, int width) {
    int in = COLOURS;
    for (int out = 2 * width / patch; out <= width; out *= 2) {
      Convolution halving = Convolution.of(in, out, 3).stride(2).padding(1).build();
      units.add(
          child(String.valueOf(units.size()), new ConvolutionUnit(halving, out, Activation.RELU)));
      in = out;
    }
  }

  @Override
  void addTo(LayerSequence steps) {
    units.forEach(unit -> unit.addTo(steps));
  }

  @Override
  String writeTo(OnnxGraph graph, String images) {
    String x = images;
    for (ConvolutionUnit unit : units) {
      x = unit.writeTo(graph, x);
    }
    return x;
  }
}
