package io.facet.pipelines.recipe;

import io.facet.models.option.Description;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.transforms.score.TemplateOptions;
import java.util.List;
import java.util.Optional;

/** The {@code evaluate} section. */
public record EvaluateRecipe(
    @Description(value = "Measure teachers beside students.", defaultValue = "true")
        boolean teachers,
    @Description(
            value = "False accept rates that true accept rates are given for.",
            range = "(0, 1)",
            defaultValue = "[0.01, 0.001]")
        List<Double> falseAcceptRates,
    @Description(
            value =
                "Method or teacher that students are compared with; 'none' if it is among the methods.",
            defaultValue = Description.ABSENT)
        Optional<String> baseline,
    @Description(
            value =
                "Bootstrap samples of an interval; raised to 200 a comparison where Holm's"
                    + " correction needs them.",
            range = "[10, 100000]",
            defaultValue = "1000")
        int bootstrapSamples,
    @Description(value = "Coverage of intervals.", range = "(0, 1)", defaultValue = "0.95")
        double confidence,
    @Description(
            value =
                "What the bootstrap draws: identity (all pairs of a person come and go together) or"
                    + " pair (as if pairs were independent: too narrow where people are in several)."
                    + " Sets that name no people, such as .bin files, or fewer than ten use pairs.",
            defaultValue = "identity")
        ResamplingUnit bootstrap,
    @Description(
            value =
                "Flip fusion: whether the embeddings of an image and its mirror image are added."
                    + " Absent: as each model's file says.",
            defaultValue = Description.ABSENT)
        Optional<Boolean> flip,
    @Description(
            value = "How sets of templates (ijb) are measured; the rest of the section counts too.",
            defaultValue = "{}")
        TemplateOptions templates,
    @Description(
            value = "Measure milliseconds an image on one thread.",
            defaultValue = "true",
            affectsResult = false)
        boolean latency,
    @Description(
            value =
                "Measure the memory of each model as it embeds one face after the other, in three Java"
                    + " processes of its own (Linux). Asked for later, models are evaluated again.",
            defaultValue = "false",
            affectsResult = false)
        boolean memory) {

  /** What the figures of one model depend on. */
  public EvaluateRecipe ofOneModel() {
    return new EvaluateRecipe(
        teachers,
        falseAcceptRates,
        Optional.empty(),
        bootstrapSamples,
        confidence,
        bootstrap,
        flip,
        templates,
        latency,
        memory);
  }
}
