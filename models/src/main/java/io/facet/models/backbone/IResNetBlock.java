package io.facet.models.backbone;

import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.PRelu;

/**
 * Two 3x3 convolutions with batch normalisation before, between and after them, added to the input;
 * no activation after the sum. The second convolution carries the stride.
 */
final class IResNetBlock extends ImageLayer {
  private static final Initialiser KERNEL = Initialiser.normal(0.1);

  private final BatchNormalisation firstNorm;
  private final Convolution first;
  private final BatchNormalisation secondNorm;
  private final PRelu activation;
  private final Convolution second;
  private final BatchNormalisation lastNorm;

  /** Map of the input to the output's shape; both null where they are alike. */
  private final Convolution shortcut;

  private final BatchNormalisation shortcutNorm;

  IResNetBlock(int in, int out, int stride) {
    firstNorm = child("bn1", new BatchNormalisation(in));
    first = child("conv1", convolution(in, out, 3, 1));
    secondNorm = child("bn2", new BatchNormalisation(out));
    activation = child("prelu", new PRelu(out));
    second = child("conv2", convolution(out, out, 3, stride));
    lastNorm = child("bn3", new BatchNormalisation(out));
    boolean mapped = stride != 1 || in != out;
    shortcut = mapped ? child("downsample.0", convolution(in, out, 1, stride)) : null;
    shortcutNorm = mapped ? child("downsample.1", new BatchNormalisation(out)) : null;
  }

  /** A convolution that keeps the size up to its stride, with start values N(0, 0.1). */
  static Convolution convolution(int in, int out, int kernel, int stride) {
    return Convolution.of(in, out, kernel)
        .stride(stride)
        .padding(kernel / 2)
        .initialiser(KERNEL)
        .build();
  }

  /** {@code (B, in, H, W)} to {@code (B, out, H / stride, W / stride)}. */
  @Override
  void addTo(LayerSequence steps) {
    steps.keep();
    steps.then(firstNorm).then(first).then(secondNorm).then(activation).then(second).then(lastNorm);
    if (shortcut != null) {
      steps.swap().then(shortcut).then(shortcutNorm);
    }
    steps.addKept();
  }

  @Override
  String writeTo(OnnxGraph graph, String x) {
    String y = graph.convolution(graph.batchNormalisation(x, firstNorm), first);
    y = graph.prelu(graph.batchNormalisation(y, secondNorm), activation);
    y = graph.batchNormalisation(graph.convolution(y, second), lastNorm);
    return graph.add(
        y,
        shortcut == null
            ? x
            : graph.batchNormalisation(graph.convolution(x, shortcut), shortcutNorm));
  }
}
