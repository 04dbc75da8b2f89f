package io.facet.models.train.optimiser;

import io.facet.models.option.Description;

/** Options of {@link Sgd}. */
public record SgdOptions(
    @Description(
            value = "Share of the last velocity kept in each step",
            range = "[0, 1)",
            defaultValue = "0.9",
            source = "arcface_torch")
        double momentum,
    @Description(value = "Whether the step looks ahead along the velocity", defaultValue = "false")
        boolean nesterov) {}
