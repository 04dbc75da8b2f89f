package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.Linear;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * MobileFaceNet (Chen et al. 2018) for 112x112 crops; weight names as in AdaDistill's reference.
 *
 * <p>Taps: {@code stage1} (28x28), {@code stage2} (14x14), {@code stage3} (7x7) after the residual
 * blocks of each resolution, {@code last} (7x7) before the embedding head.
 */
public final class MobileFaceNet extends Network implements OnnxExportable {
  private static final int SIDE = 112;

  private final ConvolutionUnit stem;
  private final ImageLayer stemFilter;
  private final ConvolutionUnit stemMixer;
  private final InvertedResidual[] reductions = new InvertedResidual[3];
  private final ResidualStage[] stages = new ResidualStage[3];
  private final ConvolutionUnit widen;
  private final EmbeddingHead head;
  private final Map<String, Shape> taps = new LinkedHashMap<>();
  private final int embedding;

  public MobileFaceNet(MobileFaceNetOptions options) {
    MobileFaceNetOptions.Layout layout = options.layout();
    boolean mixed = layout == MobileFaceNetOptions.Layout.RELU6;
    Activation activation = mixed ? Activation.RELU6 : Activation.PRELU;
    Activation early = mixed ? Activation.RELU : Activation.PRELU;
    int narrow = ChannelWidth.scaled(64, options.width());
    int[] expansions = {2 * narrow, 4 * narrow, 8 * narrow};
    int first = layout.scale() * narrow;
    int second = 2 * first;
    int wide = 8 * narrow;
    embedding = options.embedding();

    stem =
        child(
            "conv1",
            new ConvolutionUnit(
                Convolution.of(3, first, 3).stride(2).padding(1).build(), first, activation));
    stemFilter =
        child(
            "conv2_dw",
            layout.blocks(0) > 1
                ? new ResidualStage(first, expansions[0], layout.blocks(0), activation)
                : new ConvolutionUnit(
                    Convolution.of(first, first, 3).padding(1).groups(narrow).build(),
                    first,
                    early));
    stemMixer =
        mixed
            ? child(
                "conv2_pw",
                new ConvolutionUnit(Convolution.of(first, first, 1).build(), first, early))
            : null;
    reductions[0] =
        child("conv_23", new InvertedResidual(first, first, expansions[0], 2, false, activation));
    stages[0] =
        child("conv_3", new ResidualStage(first, expansions[0], layout.blocks(1), activation));
    reductions[1] =
        child("conv_34", new InvertedResidual(first, second, expansions[1], 2, false, activation));
    stages[1] =
        child("conv_4", new ResidualStage(second, expansions[1], layout.blocks(2), activation));
    reductions[2] =
        child("conv_45", new InvertedResidual(second, second, expansions[2], 2, false, activation));
    stages[2] =
        child("conv_5", new ResidualStage(second, expansions[1], layout.blocks(3), activation));
    widen =
        child(
            "conv_6_sep",
            new ConvolutionUnit(Convolution.of(second, wide, 1).build(), wide, activation));
    head =
        child(
            "output_layer",
            new EmbeddingHead(wide, embedding, layout != MobileFaceNetOptions.Layout.CLASSIC));

    taps.put("stage1", new Shape(first, 28, 28));
    taps.put("stage2", new Shape(second, 14, 14));
    taps.put("stage3", new Shape(second, 7, 7));
    taps.put("last", new Shape(wide, 7, 7));
  }

  @Override
  public Features forward(NDArray images, Set<String> wanted, boolean training) {
    TappedSequence layers = new TappedSequence(images, wanted, training);
    // This memory layout saves a fifth of the time; all later layers keep it.
    layers.steps().channelsLast();
    layers.then(stem).then(stemFilter);
    if (stemMixer != null) {
      layers.then(stemMixer);
    }
    for (int i = 0; i < stages.length; i++) {
      layers.then(reductions[i]).then(stages[i]).tap("stage" + (i + 1));
    }
    layers.then(widen).tap("last");
    return layers.then(head).end();
  }

  @Override
  public int embeddingSize() {
    return embedding;
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, SIDE, SIDE);
  }

  @Override
  public Map<String, Shape> taps() {
    return taps;
  }

  @Override
  public String writeTo(OnnxGraph graph, String images) {
    String x = stemFilter.writeTo(graph, stem.writeTo(graph, images));
    x = stemMixer == null ? x : stemMixer.writeTo(graph, x);
    for (int i = 0; i < stages.length; i++) {
      x = stages[i].writeTo(graph, reductions[i].writeTo(graph, x));
      graph.tap("stage" + (i + 1), x);
    }
    String last = widen.writeTo(graph, x);
    graph.tap("last", last);
    return head.writeTo(graph, last);
  }

  /** Global depthwise convolution, linear map and batch normalisation. */
  static final class EmbeddingHead extends ImageLayer {
    private final ConvolutionUnit pool;
    private final Linear linear;
    private final BatchNormalisation normalisation;

    EmbeddingHead(int channels, int embedding, boolean affine) {
      pool =
          child(
              "conv_6_dw",
              new ConvolutionUnit(
                  Convolution.of(channels, channels, 7).groups(channels).build(),
                  channels,
                  Activation.NONE));
      linear = child("linear", new Linear(channels, embedding, Initialiser.kaimingFanOut(1), null));
      normalisation =
          child("bn", new BatchNormalisation(embedding, affine, BatchNormalisation.EPSILON));
    }

    @Override
    void addTo(LayerSequence steps) {
      pool.addTo(steps);
      steps.flatten().then(linear).then(normalisation);
    }

    @Override
    String writeTo(OnnxGraph graph, String x) {
      String pooled = graph.flatten(pool.writeTo(graph, x));
      return graph.batchNormalisation(graph.linear(pooled, linear), normalisation);
    }
  }
}
