package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.NetworkEmbedder;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.optimiser.Gradients;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a network: a student with its teacher, or a teacher by identities alone. Equal inputs give
 * equal bits, also when the run was stopped and resumed on the way (same library, processor family
 * and thread count).
 *
 * <p>One run at a time in a thread; the run occupies it.
 */
public final class TrainingRun {
  private static final int VALIDATION_BATCH = 32;

  private final TrainingSetup setup;
  private final LossMeans means = new LossMeans();
  private long savedStep = -1;
  private List<HistoryPoint> last = List.of();

  private TrainingRun(TrainingSetup setup) {
    this.setup = setup;
  }

  /**
   * Trains to the end, from the latest checkpoint if there is one.
   *
   * @throws InterruptedException if the thread is interrupted: between two steps, after a
   *     checkpoint
   * @throws NonFiniteLossException if a loss or gradient is NaN or infinite; the last checkpoint
   *     stays
   * @throws IOException if checkpoints cannot be written or read
   */
  public static TrainingResult run(TrainingSetup setup) throws InterruptedException, IOException {
    return new TrainingRun(setup).train();
  }

  private TrainingResult train() throws InterruptedException, IOException {
    setup.check();
    try (NDManager root = Torch.newManager();
        TrainingState state = new TrainingState(setup, root)) {
      resume(state);
      try (BatchLoader loader = loader(state)) {
        loop(root, state, loader);
      } catch (InterruptedException e) {
        checkpoint(state);
        throw e;
      }
      return state.result(last);
    }
  }

  private BatchLoader loader(TrainingState state) {
    return new BatchLoader(
        setup.set(),
        state.order(),
        setup.seed(),
        setup.options().flip(),
        setup.preprocessing(),
        setup.teacher().flatMap(TeacherOutputs::preprocessing),
        state.step(),
        state.totalSteps());
  }

  private void loop(NDManager root, TrainingState state, BatchLoader loader)
      throws InterruptedException, IOException {
    long since = System.nanoTime();
    long images = 0;
    while (state.step() < state.totalSteps()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("training was interrupted at step " + state.step());
      }
      Batch batch = loader.next();
      step(root, state, batch);
      images += batch.size();
      boolean logs = due(state, setup.options().logEvery());
      List<HistoryPoint> points = new ArrayList<>();
      if (logs) {
        long now = System.nanoTime();
        addMeans(state, points);
        addPoint(state, points, "lr", state.learningRate());
        addPoint(state, points, "images_per_second", images * 1e9 / Math.max(1, now - since));
        images = 0;
      }
      boolean validates =
          setup.validation().isPresent() && state.step() % state.stepsPerEpoch() == 0;
      if (validates) {
        validate(state, points);
      }
      if (logs) {
        warn(state);
        last = List.copyOf(points);
        since = System.nanoTime();
      }
      if (!points.isEmpty()) {
        setup.listener().logged(state.step(), state.totalSteps(), points);
      }
      if (due(state, setup.options().checkpointEvery())) {
        checkpoint(state);
      }
    }
  }

  private static boolean due(TrainingState state, int every) {
    return state.step() % every == 0 || state.step() == state.totalSteps();
  }

  private void step(NDManager root, TrainingState state, Batch batch) {
    root.getEngine().setRandomSeed((int) SeededHash.of(setup.seed(), batch.step()));
    Layer[] layers = state.trainedLayers();
    try (TensorScope scope = TensorScope.training(root, layers)) {
      TensorScope.zeroGradients(layers);
      StepInputs inputs = inputs(scope, state, batch);
      TermLosses terms = state.losses(inputs);
      NDArray total = total(terms, batch);
      scope.backward(total);
      Gradients gradients = new Gradients(state.weights());
      double limit = setup.options().clipNorm();
      double norm = gradients.clip(limit == 0 ? Double.MAX_VALUE : limit);
      requireFinite("grad_norm", norm, batch);
      means.add("grad_norm", norm);
      state.update(gradients);
      state.afterStep(scope, inputs);
    }
  }

  private StepInputs inputs(TensorScope scope, TrainingState state, Batch batch) {
    NDManager manager = scope.manager();
    Optional<Features> teacher =
        setup
            .teacher()
            .map(
                outputs ->
                    outputs.outputs(
                        scope,
                        new TeacherBatch(
                            batch.step(),
                            batch.indices(),
                            batch.mirrored(),
                            batch.teacherImages())));
    Shape one = state.student().inputShape();
    NDArray images =
        Torch.array(
            manager, FloatBuffer.wrap(batch.studentImages()), new Shape(batch.size()).addAll(one));
    Features student = state.student().forward(images, state.studentTaps(), true);
    return new StepInputs(
        student,
        teacher.orElse(null),
        manager.create(batch.labels()),
        manager.create(Arrays.stream(batch.indices()).asLongStream().toArray()),
        state.classifier(),
        batch.step(),
        state.totalSteps(),
        state.stepsPerEpoch());
  }

  private NDArray total(TermLosses terms, Batch batch) {
    NDArray total = null;
    for (Map.Entry<String, TermLosses.Term> entry : terms.terms().entrySet()) {
      String name = "loss/" + entry.getKey();
      TermLosses.Term term = entry.getValue();
      double value = term.value().getFloat();
      requireFinite(name, value, batch);
      means.add(name, value);
      NDArray weighted = term.value().mul((float) term.weight());
      total = total == null ? weighted : total.add(weighted);
    }
    double value = total.getFloat();
    requireFinite("loss/total", value, batch);
    means.add("loss/total", value);
    return total;
  }

  private void requireFinite(String name, double value, Batch batch) {
    if (!Double.isFinite(value)) {
      throw new NonFiniteLossException(
          batch.step() + 1,
          name + " = " + value,
          Arrays.stream(batch.indices()).mapToObj(setup.set()::faceId).toList());
    }
  }

  private void addMeans(TrainingState state, List<HistoryPoint> points) {
    means.take().forEach((name, value) -> addPoint(state, points, name, value));
  }

  private void validate(TrainingState state, List<HistoryPoint> points) {
    try (NetworkEmbedder embedder =
        new NetworkEmbedder(state.student(), setup.preprocessing(), VALIDATION_BATCH)) {
      setup
          .validation()
          .orElseThrow()
          .measure(state.epoch(), embedder)
          .forEach((name, value) -> addPoint(state, points, "validation/" + name, value));
    }
  }

  private static void addPoint(
      TrainingState state, List<HistoryPoint> points, String name, double value) {
    points.add(new HistoryPoint(state.step(), state.epoch(), name, value));
  }

  private void warn(TrainingState state) {
    state.alarms().values().forEach(alarm -> setup.listener().warned(state.step(), alarm));
    setup
        .teacher()
        .ifPresent(
            teacher ->
                teacher
                    .alarms()
                    .values()
                    .forEach(alarm -> setup.listener().warned(state.step(), alarm)));
  }

  private void checkpoint(TrainingState state) throws IOException {
    if (setup.checkpoints().isEmpty() || state.step() == savedStep) {
      return;
    }
    Checkpoint checkpoint = state.checkpoint(means.state(), last);
    setup.checkpoints().get().save(state.step(), checkpoint.toBytes());
    savedStep = state.step();
  }

  private void resume(TrainingState state) throws IOException {
    Optional<CheckpointStore.Saved> saved =
        setup.checkpoints().isEmpty() ? Optional.empty() : setup.checkpoints().get().latest();
    if (saved.isPresent()) {
      Checkpoint checkpoint = Checkpoint.read(saved.get().bytes());
      last = state.restore(checkpoint);
      means.restore(Checkpoint.below(checkpoint.numbers(), TrainingState.MEANS));
      savedStep = checkpoint.step();
    }
  }
}
