package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Linear;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries a stage of the student to the teacher's embedding space, dropped at inference.
 *
 * <p>A map {@code (B, c, H, W)} is halved by separable convolutions (depthwise 3x3 of stride 2,
 * pointwise, batch normalisation, ReLU, the same once more with stride 1) that double the channels
 * until its side is at most 7, the last of them going to the wanted width; a map that is small
 * already passes one 1x1 convolution instead. Then the mean over all places and a linear map.
 * Tokens {@code (B, N, c)} go to the mean at once.
 *
 * <p>The branches of OFA-KD's code, with embeddings in place of its class logits (reconstructed).
 */
public final class StageBranch extends Layer {
  private static final int SMALL_SIDE = 7;

  private final List<Halving> halvings = new ArrayList<>();
  private final Convolution narrow;
  private final Linear embedding;

  /**
   * A branch of one tap.
   *
   * @param tap shape without the batch axis: {@code (c, H, W)} or {@code (N, c)}
   * @param width of the embedding it ends in
   */
  public StageBranch(Shape tap, int width) {
    if (tap.dimension() == 2) {
      narrow = null;
      embedding = child("embedding", new Linear((int) tap.get(1), width, true));
      return;
    }
    int channels = (int) tap.get(0);
    long side = Math.max(tap.get(1), tap.get(2));
    if (side <= SMALL_SIDE) {
      narrow = child("narrow", Convolution.of(channels, width, 1).build());
    } else {
      narrow = null;
      while (side > SMALL_SIDE) {
        side = (side + 1) / 2;
        int next = side > SMALL_SIDE ? 2 * channels : width;
        halvings.add(child("halving" + halvings.size(), new Halving(channels, next)));
        channels = next;
      }
    }
    embedding = child("embedding", new Linear(width, width, true));
  }

  /** Channels of a descriptor. */
  static int descriptorWidth(Shape tap, int width) {
    return tap.dimension() == 2 ? (int) tap.get(1) : width;
  }

  /** Means over all places, {@code (B, descriptor width)}. */
  public NDArray descriptor(NDArray tap) {
    if (tap.getShape().dimension() == 3) {
      return tap.mean(new int[] {1});
    }
    NDArray map = tap;
    for (Halving halving : halvings) {
      map = halving.forward(map);
    }
    if (narrow != null) {
      map = narrow.forward(map);
    }
    return map.mean(new int[] {3}).mean(new int[] {2});
  }

  /** The embedding of a descriptor, {@code (B, width)}. */
  public NDArray embedding(NDArray descriptor) {
    return embedding.forward(descriptor);
  }

  /** Halves the sides of a map. */
  private static final class Halving extends Layer {
    private final Separable first;
    private final Separable second;

    Halving(int in, int out) {
      first = child("first", new Separable(in, in, 2));
      second = child("second", new Separable(in, out, 1));
    }

    NDArray forward(NDArray map) {
      return second.forward(first.forward(map));
    }
  }

  /** Depthwise and pointwise convolution, batch normalisation, ReLU. */
  private static final class Separable extends Layer {
    private final Convolution depthwise;
    private final Convolution pointwise;
    private final BatchNormalisation normalisation;

    Separable(int in, int out, int stride) {
      depthwise =
          child(
              "depthwise", Convolution.of(in, in, 3).stride(stride).padding(1).groups(in).build());
      pointwise = child("pointwise", Convolution.of(in, out, 1).build());
      normalisation = child("normalisation", new BatchNormalisation(out));
    }

    NDArray forward(NDArray map) {
      NDArray x = depthwise.forward(map);
      x = replace(x, pointwise.forward(x));
      x = replace(x, normalisation.forward(x, true));
      return replace(x, x.maximum(0));
    }
  }
}
