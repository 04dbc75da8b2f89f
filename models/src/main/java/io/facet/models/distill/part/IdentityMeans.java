package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;

/** Mean direction of each identity's embeddings so far; part of every checkpoint. */
public final class IdentityMeans extends Layer {
  /** Sums of directions, {@code (C, d)}. */
  private final Weight sums;

  public IdentityMeans(int classes, int width) {
    sums = buffer("sums", Initialiser.constant(0), classes, width);
  }

  /** Directions of the means, {@code (C, d)}; zero for an identity not seen yet. */
  public NDArray directions() {
    return L2Normalise.of(sums.array()).stopGradient();
  }

  /**
   * Takes in a batch; call it without gradients.
   *
   * @param embeddings {@code (B, d)}
   * @param labels {@code (B)}
   */
  public void add(NDArray embeddings, IndexArray labels) {
    NDArray directions = L2Normalise.of(embeddings);
    long[] classes = labels.values();
    for (int row = 0; row < classes.length; row++) {
      NDIndex place = new NDIndex("{}:{}", classes[row], classes[row] + 1);
      NDArray added = directions.get(new NDIndex("{}:{}", row, row + 1));
      sums.array().set(place, sums.array().get(place).add(added));
    }
  }
}
