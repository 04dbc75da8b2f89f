package io.facet.pipelines.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.ChosenTeachers;
import io.facet.pipelines.recipe.DataRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.WeightsRecipe;
import io.facet.transforms.train.NetworkTraining;
import io.facet.transforms.train.PairValidation;
import io.facet.transforms.train.PromptUnit;
import io.facet.transforms.train.TrainingJob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the trainings of teachers and students have in common. */
final class Trainings {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Trainings() {}

  /** Artifacts a training reads. */
  static List<String> dependencies(
      Selected<DistillationMethod<?>> method, Optional<String> teacher) {
    List<String> names = new ArrayList<>(List.of(Stages.INGEST, Stages.ALIGN, Stages.PACK));
    for (String name : ChosenTeachers.of(method, teacher).keySet()) {
      names.add(StageInstance.name(Stages.TEACHER, name));
      names.add(StageInstance.name(Stages.PROMPT, name));
    }
    return names;
  }

  /** What decides the result of any training beside its own options. */
  static FingerprintInputs inputs(PlanContext context, long seed, Optional<WeightsRecipe> initial) {
    FingerprintInputs inputs =
        new FingerprintInputs()
            .option("seed", seed)
            .option("validation.pairs", context.recipe().data().validation().pairs())
            .version("validation.pairs", PairValidation.VERSION)
            .libraries(Libraries.of(context, "pytorch", "djl", "opencv"));
    initial.ifPresent(
        weights ->
            WeightsFiles.addTo(inputs, "initial", weights, context)
                .option("initial.naming", weights.naming())
                .options("initial.input", weights.input()));
    return Hardware.addTo(inputs, context.recipe());
  }

  /** What a network trained here is validated on. */
  static TrainingJob.Validation validation(Recipe recipe, Artifact ingest) {
    DataRecipe.ValidationRecipe validation = recipe.data().validation();
    return new TrainingJob.Validation(
        validation.pairs(),
        validation.source().isPresent() ? ingest.tableUris("pairs") : List.of());
  }

  /** The contract of a network trained here: that of the weights it starts from, if any. */
  static Preprocessing preprocessing(Recipe recipe, Optional<WeightsRecipe> initial) {
    return initial
        .map(weights -> weights.input().preprocessing(recipe.align().template().key()))
        .orElse(Preprocessing.STANDARD);
  }

  /** The weights a training starts from. */
  static Optional<TrainingJob.Start> start(Optional<WeightsRecipe> initial, PlanContext context) {
    return initial.map(
        weights -> new TrainingJob.Start(WeightsFiles.uri(weights, context), weights.naming()));
  }

  /**
   * The teachers as a method wants them, by name.
   *
   * @param teacher the one that its parts learn from unless they name another
   */
  static Map<String, TrainingJob.Teacher> teachers(
      StageContext context, Selected<DistillationMethod<?>> method, Optional<String> teacher) {
    Map<String, TrainingJob.Teacher> all = new TreeMap<>();
    ChosenTeachers.of(method, teacher)
        .forEach((name, needs) -> all.put(name, teacher(context, name, needs)));
    return all;
  }

  private static TrainingJob.Teacher teacher(StageContext context, String name, MethodNeeds needs) {
    Artifact model = context.parent(StageInstance.name(Stages.TEACHER, name));
    Artifact prompt = context.parent(StageInstance.name(Stages.PROMPT, name));
    boolean prompted = needs.teacher() == MethodNeeds.Teacher.PROMPTED;
    boolean staged =
        context.recipe().prompt().mode() == PromptMode.STAGED
            && prompt.manifest().attachment(NetworkTraining.PROMPTS).isPresent();
    boolean cached = !prompted && prompt.manifest().table(PromptStage.FEATURES).isPresent();
    return new TrainingJob.Teacher(
        name,
        ModelAttachment.uri(model),
        cached ? prompt.dataFiles(PromptStage.FEATURES) : List.of(),
        prompted || (staged && !cached)
            ? Optional.of(prompt.attachmentUri(NetworkTraining.PROMPTS))
            : Optional.empty(),
        prompted || staged ? context.recipe().prompt().tokens() : 0,
        context.recipe().prompt().promptLearningRate(),
        saliency(prompt));
  }

  private static List<Double> saliency(Artifact prompt) {
    if (prompt.manifest().attachment(PromptUnit.SALIENCY).isEmpty()) {
      return List.of();
    }
    String text = new String(prompt.attachment(PromptUnit.SALIENCY), StandardCharsets.UTF_8);
    try {
      List<Double> values = new ArrayList<>();
      for (JsonNode value : JSON.readTree(text)) {
        values.add(value.asDouble());
      }
      return values;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the saliency map is not a JSON list", e);
    }
  }
}
