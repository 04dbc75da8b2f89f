package io.facet.transforms.train;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.device.DeviceChoice;
import io.facet.models.device.DeviceTurn;
import io.facet.models.prompt.PromptMode;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.Torch;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.prompt.PromptTuning;
import io.facet.models.train.prompt.Saliency;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.pack.LocalPack;
import io.facet.transforms.unit.Unit;
import java.io.IOException;
import java.util.Map;

/**
 * Makes what a teacher needs beside its weights: prompts ({@link NetworkTraining#PROMPTS}; start
 * values for a joint training, or tuned against a proxy student) and its saliency map ({@link
 * #SALIENCY}).
 */
public final class PromptUnit implements Unit<PromptJob> {
  /** The teacher's saliency map: a JSON list, row by row. */
  public static final String SALIENCY = "saliency.json";

  private static final String CHECKPOINTS = "prompt-tuning";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Override
  public Class<PromptJob> jobType() {
    return PromptJob.class;
  }

  @Override
  public void run(PromptJob job, AttemptFolder attempt) throws IOException, InterruptedException {
    ModelFile model = TeacherFiles.model(job.model());
    Torch.setThreads(job.threads());
    DeviceChoice device = DeviceChoice.of(job.device());
    try (DeviceTurn turn = DeviceTurn.take(device, job.name());
        LocalPack pack = LocalPack.open(job.pack());
        NDManager manager = Torch.newManager()) {
      PackedTrainingSet set = pack.train();
      Network network = model.open(manager);
      network.to(device.device());
      float[] saliency = new float[0];
      if (job.saliency()) {
        saliency = Saliency.map(network, model.preprocessing(), set, job.options().calibration());
        attempt.put(SALIENCY, JSON.writeValueAsBytes(saliency));
      }
      if (job.options().mode() != PromptMode.NONE) {
        PromptableNetwork teacher = promptable(network, model);
        Map<String, float[]> prompts =
            job.options().mode() == PromptMode.STAGED
                ? tuned(job, attempt, model, teacher, set, saliency, manager)
                : start(job, teacher, manager);
        attempt.put(NetworkTraining.PROMPTS, NetworkTraining.promptFile(prompts));
      }
    }
  }

  private static PromptableNetwork promptable(Network network, ModelFile model) {
    if (network instanceof PromptableNetwork teacher) {
      return teacher;
    }
    throw new RecipeException(
        "prompt.mode: the teacher is a %s, which takes no prompts; choose a transformer such as vit, or mode none"
            .formatted(model.backbone().key()));
  }

  private static Map<String, float[]> start(
      PromptJob job, PromptableNetwork teacher, NDManager manager) {
    PromptSet prompts = PromptTuning.start(job.options(), teacher, manager, job.seed());
    return prompts.save();
  }

  private static Map<String, float[]> tuned(
      PromptJob job,
      AttemptFolder attempt,
      ModelFile model,
      PromptableNetwork teacher,
      PackedTrainingSet set,
      float[] saliency,
      NDManager manager)
      throws IOException, InterruptedException {
    TrainingSetup setup =
        PromptTuning.setup(
                job.options(),
                teacher,
                model.preprocessing(),
                Backbone.create(job.options().proxy()),
                set,
                manager,
                job.seed())
            .device(teacher.device())
            .precision(job.precision())
            .checkpoints(new HistoryCheckpoints(attempt, CHECKPOINTS))
            .listener(new ProgressListener(attempt));
    if (saliency.length > 0) {
      setup.saliency(saliency);
    }
    TeacherFiles.classifier(job.model(), set)
        .ifPresent(weights -> setup.teacherClassifier(job.teacher(), weights));
    Map<String, float[]> prompts = TrainingFailure.reporting(setup, attempt).prompts();
    if (prompts.isEmpty()) {
      throw new DataException(job.name() + " tuned no prompts; see prompt.method");
    }
    return prompts;
  }
}
