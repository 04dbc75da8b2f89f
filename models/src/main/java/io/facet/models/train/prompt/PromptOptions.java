package io.facet.models.train.prompt;

import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.models.train.TrainingOptions;

/** How a transformer teacher is prompted before or while it teaches. */
public record PromptOptions(
    @Description(
            value =
                "none: no prompts; joint: prompts learn with the student; staged: prompts are tuned against a proxy student, then frozen, so that teacher outputs can be cached",
            defaultValue = "none",
            source = "joint: arXiv 2306.14662")
        PromptMode mode,
    @Description(
            value = "prompt tokens of each set",
            range = "[1, 1024]",
            defaultValue = "8",
            source = "reconstructed for CAKD; VPT uses 5")
        int tokens,
    @Description(
            value =
                "deep: a set before each block of a vit and in each stage of a swin; shallow: one set before the first block of a vit, whose outputs travel on",
            defaultValue = "deep",
            source = "Jia et al. 2022, VPT-deep and VPT-shallow; CAKD's are deep")
        PromptDepth depth,
    @Description(
            value = "highest AdamW learning rate of the prompts",
            range = "(0, 100]",
            defaultValue = "0.0005",
            source = "reconstructed for CAKD")
        double promptLearningRate,
    @Description(
            value = "crops the saliency map is the mean of; all when there are fewer",
            range = "[1, inf)",
            defaultValue = "1000",
            source = "reconstructed for CAKD")
        int calibration,
    @Description(
            value = "staged: network the prompts are tuned against",
            defaultValue = "{mobilefacenet: {}}")
        Selected<Backbone<?>> proxy,
    @Description(
            value = "staged: method that tunes them, one that trains the teacher's prompts",
            defaultValue = "{cakd: {prompts: joint}}")
        Selected<DistillationMethod<?>> method,
    @Inline @Description(value = "staged: how the proxy student is trained", defaultValue = "{}")
        TrainingOptions training) {}
