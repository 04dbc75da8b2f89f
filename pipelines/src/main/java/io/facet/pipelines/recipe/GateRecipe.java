package io.facet.pipelines.recipe;

import io.facet.models.option.Description;
import java.util.List;
import java.util.Optional;

/**
 * The {@code publish.gate} section: what a candidate must show to take the champion's place. Both
 * are measured on the same pairs; differences are intervals by paired bootstrap, with {@code
 * evaluate.confidence}, {@code evaluate.bootstrapSamples} and {@code evaluate.bootstrap}.
 */
public record GateRecipe(
    @Description(
            value =
                "The figure that decides, as SET/FIGURE such as lfw/accuracy; absent: accuracy on"
                    + " the first verification set of pairs.",
            defaultValue = Description.ABSENT)
        Optional<String> main,
    @Description(
            value =
                "Figures guarded on every verification set: accuracy, area-under-curve,"
                    + " equal-error-rate, tar-at-far-1e-03 and the like. A candidate that is"
                    + " significantly worse (its whole interval) on any is refused. A rate for which"
                    + " a set has too few different pairs (1 / rate are needed) never decides.",
            defaultValue = "[accuracy]")
        List<String> guarded,
    @Description(
            value =
                "What the main figure must show: better (the whole interval above the champion) or"
                    + " not-worse (the whole interval above the champion less the margin).",
            defaultValue = "better")
        Promote promote,
    @Description(
            value =
                "Loss on a guarded figure that is borne while it is not significant; a larger one"
                    + " keeps the champion.",
            range = "[0, 1]",
            defaultValue = "0.01")
        double margin,
    @Description(
            value = "Longest time an image, as a multiple of the champion's.",
            range = "(0, 1000]",
            defaultValue = "1.5")
        double maximumSlowdown,
    @Description(
            value = "Most parameters, as a multiple of the champion's.",
            range = "(0, 1000]",
            defaultValue = "1.1")
        double maximumGrowth,
    @Description(
            value = "Longest time an image in milliseconds, also for the first champion.",
            range = "(0, 1000000]",
            defaultValue = Description.ABSENT)
        Optional<Double> maximumMilliseconds,
    @Description(
            value = "Most parameters, also for the first champion.",
            range = "[1, 1000000000000]",
            defaultValue = Description.ABSENT)
        Optional<Long> maximumParameters) {

  /** What the main figure must show. */
  public enum Promote {
    BETTER,
    NOT_WORSE
  }
}
