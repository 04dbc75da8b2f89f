package io.facet.models.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Features;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.data.Batch;
import io.facet.models.train.data.CropRows;
import io.facet.models.train.teacher.TeacherBatch;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One optimiser step of a run, of one batch or several. */
final class TrainingStep {
  private final TrainingSetup setup;
  private final NDManager root;
  private final TrainingState state;
  private final StepFigures figures;
  private final Map<TeacherOutputs, CropRows> cached;

  /**
   * The steps of a run.
   *
   * @param root manager of all that outlives a step
   * @param figures get losses and norms
   * @param cached what is read of a teacher with the crops of a batch
   */
  TrainingStep(
      TrainingSetup setup,
      NDManager root,
      TrainingState state,
      StepFigures figures,
      Map<TeacherOutputs, CropRows> cached) {
    this.setup = setup;
    this.root = root;
    this.state = state;
    this.figures = figures;
    this.cached = cached;
  }

  /** Forward, backward and update; what a step makes is gone after it. */
  void run(List<Batch> batches) {
    Layer[] layers = state.trainedLayers();
    state.head().begin(batches, state.step());
    int[] images = images(batches);
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      root.getEngine().setRandomSeed((int) SeededHash.of(setup.seed(), batch.number()));
      try (TensorScope scope = TensorScope.training(root, layers)) {
        if (i == 0) {
          TensorScope.zeroGradients(layers);
        }
        StepInputs inputs = inputs(scope, batch);
        NDArray total = total(inputs, images);
        scope.backward(batches.size() == 1 ? total : total.div(batches.size()));
        if (i == batches.size() - 1) {
          update(images);
        }
        state.afterStep(scope, inputs);
      }
    }
  }

  /** Of all batches of the step, by position in the training set. */
  private static int[] images(List<Batch> batches) {
    return batches.stream().flatMapToInt(batch -> Arrays.stream(batch.indices())).toArray();
  }

  private void update(int[] images) {
    StepGradients gradients = state.gradients();
    gradients
        .norms()
        .forEach(
            (part, norm) -> {
              String name = "grad_norm" + (part == TrainedPart.NETWORK ? "" : "/" + part.group());
              figures.add(state.step() + 1, images, name, norm);
              norm.close();
            });
    state.update(gradients);
  }

  private StepInputs inputs(TensorScope scope, Batch batch) {
    NDManager manager = scope.manager();
    Device device = state.student().device();
    Map<TeacherOutputs, Features> teachers = new HashMap<>();
    for (TeacherOutputs teacher : setup.teachers()) {
      teachers.put(teacher, teacher.outputs(scope, shown(batch, teacher)));
    }
    Map<String, Features> named = new TreeMap<>();
    setup.namedTeachers().forEach((name, given) -> named.put(name, teachers.get(given.outputs())));
    return new StepInputs(
        student(manager, batch),
        setup.teacher().map(teachers::get).orElse(null),
        IndexArray.of(manager, device, batch.labels()),
        IndexArray.of(manager, device, Arrays.stream(batch.indices()).asLongStream().toArray()),
        state.head().weights(),
        state.head().sample(),
        batch.number(),
        state.totalSteps() * state.batchesPerStep(),
        state.stepsPerEpoch() * state.batchesPerStep(),
        named);
  }

  private TeacherBatch shown(Batch batch, TeacherOutputs teacher) {
    return new TeacherBatch(
        batch.number(),
        batch.indices(),
        batch.mirrored(),
        batch.teacherImages(),
        Optional.ofNullable(batch.rows().get(cached.get(teacher))));
  }

  private Features student(NDManager manager, Batch batch) {
    try (NDArray images = batch.studentImages().array(manager, state.student().device());
        ForwardPrecision.Stretch forward = setup.precision().begin(state.student().device())) {
      return setup.precision().finish(state.student().forward(images, state.studentTaps(), true));
    }
  }

  private NDArray total(StepInputs inputs, int[] images) {
    TermLosses terms = state.losses(inputs);
    NDArray total = null;
    for (Map.Entry<String, TermLosses.Term> entry : terms.terms().entrySet()) {
      String name = "loss/" + entry.getKey();
      TermLosses.Term term = entry.getValue();
      figures.add(state.step() + 1, images, name, term.value());
      NDArray weighted = term.value().mul((float) term.weight());
      total = total == null ? weighted : total.add(weighted);
    }
    if (total == null) { // no crop of the batch has the label that all terms need
      total = inputs.student().embedding().sum().mul(0);
    }
    figures.add(state.step() + 1, images, "loss/total", total);
    return total;
  }
}
