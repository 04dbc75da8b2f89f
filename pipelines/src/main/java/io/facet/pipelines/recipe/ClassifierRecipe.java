package io.facet.pipelines.recipe;

import io.facet.models.option.Description;

/** Class weights that a head takes from another network of the recipe: head sharing. */
public record ClassifierRecipe(
    @Description("Name of the teacher whose class weights are taken.") String from,
    @Description(
            value = "Keep them as they are; else they are only the beginning.",
            defaultValue = "true",
            source = "Head Sharing KD, arXiv 2201.06945, phase 2 of SH-KD")
        boolean frozen) {}
