package io.facet.models.train;

import io.facet.models.option.Description;

/** An exponential moving average of the weights, validated and kept in place of the last ones. */
public record Averaging(
    @Description(
            value =
                "share of the old average that stays in each step, at first less: min(decay, (1 +"
                    + " steps) / (10 + steps))",
            range = "[0, 1)",
            defaultValue = "0.999",
            source = "Tarvainen and Valpola 2017; the ramp is TensorFlow's")
        double decay) {

  /**
   * The decay of one step.
   *
   * @param step optimiser steps done, from 1
   */
  double at(long step) {
    return Math.min(decay, (1.0 + step) / (10.0 + step));
  }
}
