package io.facet.models.train.prompt;

import ai.djl.ndarray.NDManager;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptMode;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.LiveTeacher;

/**
 * Tunes the prompts of a frozen transformer against a proxy student: an ordinary joint run whose
 * student is thrown away. Afterwards the prompts are frozen and the teacher is constant again.
 */
public final class PromptTuning {
  private PromptTuning() {}

  /** The start values of prompts, for a joint run and for tuning alike. */
  public static PromptSet start(
      PromptOptions options, PromptableNetwork teacher, NDManager manager, long seed) {
    return PromptSet.create(
        teacher, options.tokens(), options.depth(), manager, SeededHash.seed(seed, "prompts"));
  }

  /**
   * The run that tunes prompts; add checkpoints, listener, teacher classifier and saliency map, run
   * it, and take the prompts of its result.
   *
   * @param options with {@link PromptMode#STAGED}
   * @param teacher with its weights; it is frozen
   * @param preprocessing of teacher and proxy
   * @param proxy the proxy student without values yet
   * @param manager the prompts belong to it
   * @throws RecipeException if the method trains no prompts
   */
  public static TrainingSetup setup(
      PromptOptions options,
      PromptableNetwork teacher,
      Preprocessing preprocessing,
      Network proxy,
      TrainingSet set,
      NDManager manager,
      long seed) {
    ChosenMethod method = ChosenMethod.of(options.method());
    MethodNeeds needs = method.needs();
    if (needs.teacher() != MethodNeeds.Teacher.PROMPTED) {
      throw new RecipeException(
          "prompt.method: '%s' trains no prompts as configured; use cakd with prompts: joint"
              .formatted(method.key()));
    }
    LiveTeacher live =
        LiveTeacher.prompted(
            teacher,
            preprocessing,
            needs.teacherTaps(),
            start(options, teacher, manager, seed),
            true);
    return TrainingSetup.of(
            proxy, preprocessing, set, options.training(), SeededHash.seed(seed, "prompt tuning"))
        .method(method)
        .teacher(live)
        .promptLearningRate(options.promptLearningRate());
  }
}
