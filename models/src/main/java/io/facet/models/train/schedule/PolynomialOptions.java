package io.facet.models.train.schedule;

import io.facet.models.option.Description;

/** Options of {@link Polynomial}. */
public record PolynomialOptions(
    @Description(
            value = "Exponent",
            range = "(0, 10]",
            defaultValue = "2",
            source = "arcface_torch")
        double power) {}
