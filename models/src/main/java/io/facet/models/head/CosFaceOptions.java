package io.facet.models.head;

import io.facet.models.option.Description;

/** Options of {@link CosFace}. */
public record CosFaceOptions(
    @Description(
            value = "Margin subtracted from the target cosine",
            range = "[0, 1]",
            defaultValue = "0.4",
            source = "arcface_torch; AdaDistill uses 0.35")
        double margin,
    @Description(
            value = "Factor on all logits",
            range = "(0, 1000]",
            defaultValue = "64",
            source = "Wang et al. 2018, CosFace")
        double scale) {}
