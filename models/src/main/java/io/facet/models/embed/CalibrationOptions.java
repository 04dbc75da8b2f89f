package io.facet.models.embed;

import io.facet.models.option.Description;

/**
 * How ranges of activations are found for int8.
 *
 * @param images aligned faces looked at
 * @param percentile share of the numbers that the range of a value holds, in percent
 * @param weightBits of a weight
 */
public record CalibrationOptions(
    @Description(
            value = "Aligned faces that the ranges of activations are taken from, drawn by seed.",
            range = "[1, 100000]",
            defaultValue = "512")
        int images,
    @Description(
            value =
                "Percent of a value's numbers that its range holds; what lies beyond is cut off."
                    + " 100 keeps all.",
            range = "(50, 100]",
            defaultValue = "99.99")
        double percentile,
    @Description(
            value =
                "Bits of a weight: 7 is right on every processor; 8 is finer, for ARM and for"
                    + " x86-64 with VNNI: on others sums of 8-bit products overflow.",
            range = "[7, 8]",
            defaultValue = "7")
        int weightBits) {}
