package io.facet.models.train.schedule;

import io.facet.models.option.Description;

/** Options of {@link Cosine}. */
public record CosineOptions(
    @Description(
            value = "Rate at the end as a share of the base rate",
            range = "[0, 1]",
            defaultValue = "0",
            source = "Loshchilov and Hutter 2017, SGDR")
        double lowest,
    @Description(
            value =
                "true: the cosine begins where warm-up ends; false: at step 0, so the rate jumps at"
                    + " the end of warm-up",
            defaultValue = "true",
            source = "false: timm and GKD")
        boolean afterWarmUp) {}
