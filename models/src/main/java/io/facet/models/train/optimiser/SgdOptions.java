package io.facet.models.train.optimiser;

import io.facet.models.option.Description;

/** Options of {@link Sgd}. */
public record SgdOptions(
    @Description(
            value = "Share of the last velocity kept in each step; 0: plain gradient descent",
            range = "[0, 1)",
            defaultValue = "0.9",
            source = "arcface_torch")
        double momentum,
    @Description(
            value = "Whether the step looks ahead along the velocity; needs momentum above 0",
            defaultValue = "false")
        boolean nesterov) {
  /**
   * Options that fit together.
   *
   * @throws IllegalArgumentException if nesterov has no velocity to look ahead along
   */
  public SgdOptions {
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException(
          "nesterov needs momentum above 0, is 0; set momentum or nesterov: false");
    }
  }
}
