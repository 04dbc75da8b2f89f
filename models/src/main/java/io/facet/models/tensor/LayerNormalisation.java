package io.facet.models.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts. */
public final class LayerNormalisation extends Layer {
  private final Weight weight;
  private final Weight bias;
  private final Shape shape;
  private final float epsilon;

  public LayerNormalisation(int width, double epsilon) {
    weight = vector("weight", Initialiser.constant(1), width);
    bias = vector("bias", Initialiser.constant(0), width);
    shape = new Shape(width);
    this.epsilon = (float) epsilon;
  }

  public NDArray forward(NDArray x) {
    return LayerNorm.layerNorm(x, shape, weight.array(), bias.array(), epsilon).head();
  }

  /** The scale {@code (width)}. */
  public Weight weight() {
    return weight;
  }

  /** The shift {@code (width)}. */
  public Weight bias() {
    return bias;
  }

  public double epsilon() {
    return epsilon;
  }
}
