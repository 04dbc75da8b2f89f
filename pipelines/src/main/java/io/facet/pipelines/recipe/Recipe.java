package io.facet.pipelines.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.AlignOptions;
import io.facet.models.option.Description;
import io.facet.models.train.prompt.PromptOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All a user wants of one run, with every default filled in. Read by {@link RecipeFile}. */
public record Recipe(
    @Description("Name of the recipe: letters, digits, '.', '_' and '-'.") String name,
    @Description(
            value = "Seed of everything random; data splits, initial weights, order, flips.",
            defaultValue = "1")
        long seed,
    @Description(
            value =
                "Where networks train and teachers run: auto (a GPU, if the machine that plans can use one), cpu, cuda or cuda:N. Not run on hardware by us: infra/docs/gpu.md.",
            defaultValue = "auto")
        String device,
    @Description(
            value =
                "Number format of forward passes in training: float32, tf32 (products of a GPU) or bf16 (autocast). Losses, weights and all measuring are float32.",
            defaultValue = "float32")
        ForwardPrecision precision,
    @Description(
            value = "Threads of a training step; absent: all processors. Changes the last bits.",
            range = "[1, 1024]",
            defaultValue = Description.ABSENT)
        Optional<Integer> threads,
    @Description("Where the faces come from.") DataRecipe data,
    @Description("How images become crops.") AlignOptions align,
    @Description(value = "Teachers by name, imported or trained.", defaultValue = "[]")
        List<TeacherRecipe> teachers,
    @Description(value = "Prompts of a transformer teacher.", defaultValue = "{}")
        PromptOptions prompt,
    @Description("What is distilled into which student, by which methods.") DistillRecipe distill,
    @Description(value = "Other precisions of the students.", defaultValue = "{}")
        ExportRecipe export,
    @Description(value = "How models are measured.", defaultValue = "{}") EvaluateRecipe evaluate,
    @Description(value = "What becomes of the best student.", defaultValue = "{}")
        PublishRecipe publish,
    @Description(value = "Where MLflow records the run.", defaultValue = "{}")
        TrackingRecipe tracking,
    @Description(
            value = "What people may see of a run.",
            defaultValue = "{}",
            affectsResult = false)
        ReportRecipe report,
    @Description(
            value = "Options of stages that come from outside, by the stage's name.",
            defaultValue = "{}",
            affectsResult = false)
        Map<String, JsonNode> stages,
    @Description(
            value = "What 'facet nightly' does beyond a run.",
            defaultValue = "{}",
            affectsResult = false)
        NightlyRecipe nightly) {

  /** The teacher of that name. */
  public Optional<TeacherRecipe> teacher(String wanted) {
    return teachers.stream().filter(teacher -> teacher.name().equals(wanted)).findFirst();
  }
}
