package io.facet.models.train.schedule;

import io.facet.models.option.Description;
import java.util.List;

/** Options of {@link MultiStep}. */
public record MultiStepOptions(
    @Description(
            value = "Epochs at whose beginning the rate falls",
            defaultValue = "[10, 18, 22]",
            source = "EKD, for 26 epochs")
        List<Integer> milestones,
    @Description(value = "Factor of each fall", range = "(0, 1)", defaultValue = "0.1")
        double factor,
    @Description(
            value = "Whether milestones count the first epoch as 1 instead of 0",
            defaultValue = "false",
            source = "true: AdaDistill and QUD")
        boolean oneBased) {}
