package io.facet.transforms.train;

import io.facet.models.device.ForwardPrecision;
import io.facet.models.train.prompt.PromptOptions;
import io.facet.transforms.pack.PackFiles;

/**
 * Prompts to be made for a teacher.
 *
 * @param name of the work, for messages
 * @param teacher its name, for messages
 * @param model URI of the teacher's model file
 * @param pack the crops to train on
 * @param options how; mode none makes no prompts
 * @param saliency whether the teacher's saliency map is wanted
 * @param seed of everything random
 * @param threads of each tensor operation
 * @param device where the networks run, as recipes name it
 * @param precision of forward passes while prompts are tuned
 */
public record PromptJob(
    String name,
    String teacher,
    String model,
    PackFiles pack,
    PromptOptions options,
    boolean saliency,
    long seed,
    int threads,
    String device,
    ForwardPrecision precision) {}
