package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.PRelu;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A convolutional network for 16x16 crops that trains in milliseconds. */
public final class TinyStudent extends Network implements OnnxExportable {
  /** Input of the tiny networks: 16x16. */
  public static final Preprocessing PREPROCESSING =
      new Preprocessing(
          Preprocessing.ColourOrder.RGB,
          16,
          16,
          List.of(0.5, 0.5, 0.5),
          List.of(0.5, 0.5, 0.5),
          Preprocessing.ARCFACE_112,
          Preprocessing.FlipFusion.NONE);

  private final Convolution first =
      child("first", Convolution.of(3, 8, 3).stride(2).padding(1).build());
  private final BatchNormalisation norm = child("norm", new BatchNormalisation(8));
  private final PRelu activation = child("activation", new PRelu(8));
  private final Convolution second =
      child("second", Convolution.of(8, 8, 3).stride(2).padding(1).build());
  private final Linear head;
  private final int width;

  public TinyStudent(int width) {
    this.width = width;
    head = child("head", new Linear(8 * 4 * 4, width, true));
  }

  @Override
  public Features forward(NDArray images, Set<String> taps, boolean training) {
    NDArray x = activation.forward(norm.forward(first.forward(images), training));
    NDArray last = second.forward(x);
    NDArray embedding = head.forward(last.reshape(last.getShape().get(0), -1));
    return new Features(embedding, taps.contains("last") ? Map.of("last", last) : Map.of());
  }

  @Override
  public String writeTo(OnnxGraph graph, String images) {
    String x = graph.batchNormalisation(graph.convolution(images, first), norm);
    String last = graph.convolution(graph.prelu(x, activation), second);
    graph.tap("last", last);
    return graph.linear(graph.flatten(last), head);
  }

  @Override
  public int embeddingSize() {
    return width;
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, 16, 16);
  }

  @Override
  public Map<String, Shape> taps() {
    return Map.of("last", new Shape(8, 4, 4));
  }
}
