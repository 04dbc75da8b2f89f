package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.TorchOps;

/** Brings feature maps {@code (B, C, H, W)} of student and teacher to one size. */
public final class SquareMaps {
  private SquareMaps() {}

  /**
   * The map averaged down to the size of the other one; itself if it is not larger.
   *
   * @throws IllegalArgumentException if the batches differ, or the sizes do and a map is not a
   *     square
   */
  public static NDArray shrunk(NDArray map, NDArray other) {
    long height = map.getShape().get(2);
    long wanted = other.getShape().get(2);
    if (map.getShape().get(0) != other.getShape().get(0)) {
      throw new IllegalArgumentException(
          "maps %s and %s of other batches".formatted(map.getShape(), other.getShape()));
    }
    boolean same = height == wanted && map.getShape().get(3) == other.getShape().get(3);
    if (!same && (height != map.getShape().get(3) || wanted != other.getShape().get(3))) {
      throw new IllegalArgumentException(
          "maps %s and %s of other sizes must be square"
              .formatted(map.getShape(), other.getShape()));
    }
    return height <= wanted ? map : TorchOps.averagePool(map, (int) wanted);
  }
}
