package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.PRelu;
import java.util.Map;
import java.util.Set;

/** A convolutional network for {@link AlignedDrawings}: 8x8 cells of 32 channels at the end. */
public final class SmallStudent extends Network {
  private static final int CHANNELS = 32;

  private final Convolution first =
      child("first", Convolution.of(3, 16, 3).stride(2).padding(1).build());
  private final BatchNormalisation firstNorm = child("firstNorm", new BatchNormalisation(16));
  private final PRelu firstActivation = child("firstActivation", new PRelu(16));
  private final Convolution second =
      child("second", Convolution.of(16, CHANNELS, 3).stride(2).padding(1).build());
  private final BatchNormalisation secondNorm =
      child("secondNorm", new BatchNormalisation(CHANNELS));
  private final PRelu secondActivation = child("secondActivation", new PRelu(CHANNELS));
  private final Convolution third =
      child("third", Convolution.of(CHANNELS, CHANNELS, 3).padding(1).build());
  private final Linear head = child("head", new Linear(CHANNELS * 64, 32, true));

  @Override
  public Features forward(NDArray images, Set<String> taps, boolean training) {
    NDArray x = firstActivation.forward(firstNorm.forward(first.forward(images), training));
    x = secondActivation.forward(secondNorm.forward(second.forward(x), training));
    NDArray last = third.forward(x);
    NDArray embedding = head.forward(last.reshape(last.getShape().get(0), -1));
    return new Features(embedding, taps.contains("last") ? Map.of("last", last) : Map.of());
  }

  @Override
  public int embeddingSize() {
    return 32;
  }

  @Override
  public Shape inputShape() {
    return new Shape(3, AlignedDrawings.SIDE, AlignedDrawings.SIDE);
  }

  @Override
  public Map<String, Shape> taps() {
    return Map.of("last", new Shape(CHANNELS, 8, 8));
  }
}
