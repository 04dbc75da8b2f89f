package io.facet.models.train.optimiser;

import io.facet.models.option.Description;

/** Options of {@link AdamW}. */
public record AdamWOptions(
    @Description(
            value = "Share of the last mean of gradients kept in each step",
            range = "[0, 1)",
            defaultValue = "0.9",
            source = "Loshchilov and Hutter 2019")
        double beta1,
    @Description(
            value = "Share of the last mean of squared gradients kept in each step",
            range = "[0, 1)",
            defaultValue = "0.999",
            source = "Loshchilov and Hutter 2019")
        double beta2,
    @Description(
            value = "Added to the root of the mean square",
            range = "(0, 1]",
            defaultValue = "1.0e-8",
            source = "Loshchilov and Hutter 2019")
        double epsilon) {}
