package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.NewArray;

/** Leaves out a share of each sample's tokens, drawn by the engine's generator (arcface_torch). */
final class TokenMask {
  private final int tokens;
  private final long count;

  /**
   * @param tokens N of a sample
   * @param share of them left out
   */
  TokenMask(int tokens, double share) {
    this.tokens = tokens;
    count = Math.max(1, (long) (tokens * (1 - share)));
  }

  /** Which tokens of each image of a batch stay; drawn on the host, alike for every device. */
  Draw draw(NDArray images) {
    Shape shape = new Shape(images.getShape().get(0), tokens);
    try (NDArray noise =
        NewArray.upload(images.getManager().randomUniform(0, 1, shape), images.getDevice())) {
      NDArray order = noise.argSort(1);
      return new Draw(order, order.argSort(1), count);
    }
  }

  /**
   * One draw.
   *
   * @param order {@code (B, N)}: the tokens that stay, then the others
   * @param places {@code (B, N)}: where each token stands in the order
   * @param count how many stay
   */
  record Draw(NDArray order, NDArray places, long count) implements AutoCloseable {
    /** The tokens {@code (B, N, C)} that stay, {@code (B, count, C)}. */
    NDArray kept(NDArray tokens) {
      try (NDList parts = order.split(new long[] {count}, 1)) {
        return gather(tokens, parts.get(0));
      }
    }

    /**
     * All tokens in their old order, with a token {@code (1, 1, C)} in the places of those left
     * out.
     */
    NDArray filled(NDArray kept, NDArray token) {
      Shape shape = kept.getShape();
      long missing = places.getShape().get(1) - count;
      try (NDArray others = token.broadcast(new Shape(shape.get(0), missing, shape.get(2)));
          NDArray all = NDArrays.concat(new NDList(kept, others), 1)) {
        return gather(all, places);
      }
    }

    private static NDArray gather(NDArray tokens, NDArray index) {
      Shape wanted = index.getShape().add(tokens.getShape().get(2));
      try (NDArray column = index.expandDims(2);
          NDArray each = column.broadcast(wanted)) {
        return tokens.gather(each, 1);
      }
    }

    @Override
    public void close() {
      order.close();
      places.close();
    }
  }
}
