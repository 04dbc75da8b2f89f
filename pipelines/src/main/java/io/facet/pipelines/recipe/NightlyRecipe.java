package io.facet.pipelines.recipe;

import io.facet.models.option.Description;

/** The {@code nightly} section. Nothing of it affects results. */
public record NightlyRecipe(
    @Description(
            value =
                "Promote what the gate lets through; false: only report, for 'facet promote' by"
                    + " hand.",
            defaultValue = "true",
            affectsResult = false)
        boolean promote,
    @Description(
            value =
                "Nights whose artifacts are kept. Older ones are deleted, except what champions,"
                    + " kept nights, other recipes and runs by hand are made from.",
            range = "[1, 100000]",
            defaultValue = "14",
            affectsResult = false)
        int keep,
    @Description(
            value = "Champions that can be rolled back to, the present one included.",
            range = "[1, 1000]",
            defaultValue = "3",
            affectsResult = false)
        int keepChampions) {}
