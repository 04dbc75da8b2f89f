package io.facet.pipelines.recipe;

import io.facet.models.backbone.Backbone;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Selected;
import io.facet.models.quantise.QuantisationOptions;
import io.facet.models.train.TrainingOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code distill} section: one student for each method and seed. */
public record DistillRecipe(
    @Description(value = "Name of the teacher.", defaultValue = Description.ABSENT)
        Optional<String> teacher,
    @Description("The student's network.") Selected<Backbone<?>> student,
    @Description(value = "Weights the student starts from.", defaultValue = Description.ABSENT)
        Optional<WeightsRecipe> initial,
    @Description(
            "Methods to compare, each with its options; a second one of a key is called KEY-2.")
        List<Selected<DistillationMethod<?>>> methods,
    @Description(value = "One student a method and seed.", defaultValue = "[1]") List<Long> seeds,
    @Description(value = "Margin softmax over the identities.", defaultValue = "{arcface: {}}")
        Selected<MarginHead<?>> head,
    @Description(
            value =
                "The student learns to compute in int8: in training it rounds weights and"
                    + " activations as its int8 export does, which then needs no calibration. Batch"
                    + " normalisation keeps its statistics; needs initial.",
            defaultValue = Description.ABSENT,
            source = "Jacob et al. 2018, section 3")
        Optional<QuantisationOptions> quantisation,
    @Inline TrainingOptions options) {

  /**
   * Names of the methods, in their order: the key, with a number behind it where a key comes again
   * with other options.
   */
  public List<String> methodNames() {
    List<String> names = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Selected<DistillationMethod<?>> method : methods) {
      int number = seen.merge(method.key(), 1, Integer::sum);
      names.add(number == 1 ? method.key() : method.key() + "-" + number);
    }
    return names;
  }
}
