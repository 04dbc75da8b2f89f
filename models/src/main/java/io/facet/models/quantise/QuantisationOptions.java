package io.facet.models.quantise;

import io.facet.models.option.Description;

/** How a student learns to compute in int8, as its export will. */
public record QuantisationOptions(
    @Description(
            value =
                "Bits of a weight: 7 is right on every processor; 8 is finer, for ARM and for"
                    + " x86-64 with VNNI: on others sums of 8-bit products overflow.",
            range = "[7, 8]",
            defaultValue = "7")
        int weightBits,
    @Description(
            value =
                "Batches during which the ranges of activations follow a moving mean of what the"
                    + " batches hold; then they stay.",
            range = "[1, inf)",
            defaultValue = "100")
        int rangeBatches,
    @Description(
            value =
                "Percent of a value's numbers that its range holds; what lies beyond is cut off."
                    + " 100 keeps all.",
            range = "(50, 100]",
            defaultValue = "99.99")
        double percentile) {}
