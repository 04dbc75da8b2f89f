package io.facet.models.train;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.facet.models.embed.NetworkEmbedder;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.train.data.Batch;
import io.facet.models.train.data.BatchLoader;
import io.facet.models.train.data.CropRows;
import io.facet.models.train.teacher.TeacherOutputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

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
  private final TrainingCheckpoints checkpoints;
  private final Map<TeacherOutputs, CropRows> cached = new LinkedHashMap<>();
  private StepFigures figures;

  /** Images of the last step whose figures were read. */
  private int[] latest = {};

  private List<HistoryPoint> last = List.of();

  private TrainingRun(TrainingSetup setup) {
    this.setup = setup;
    this.checkpoints = new TrainingCheckpoints(setup, means, this::notFinite);
  }

  /**
   * Trains to the end, from the latest checkpoint if there is one.
   *
   * @throws InterruptedException if the thread is interrupted: between two steps, after a
   *     checkpoint
   * @throws NonFiniteLossException if a loss, gradient or weight is NaN or infinite; the last
   *     checkpoint stays
   * @throws IOException if checkpoints cannot be written or read
   */
  public static TrainingResult run(TrainingSetup setup) throws InterruptedException, IOException {
    return run(setup, memory -> {});
  }

  /**
   * The same.
   *
   * @param prepared told the manager of all that outlives a step, before the first one
   */
  static TrainingResult run(TrainingSetup setup, Consumer<NDManager> prepared)
      throws InterruptedException, IOException {
    return new TrainingRun(setup).train(prepared);
  }

  private TrainingResult train(Consumer<NDManager> prepared)
      throws InterruptedException, IOException {
    setup.check();
    try (NDManager root = Torch.newManager();
        TrainingState state = new TrainingState(setup, root);
        StepFigures kept = new StepFigures(root, setup.device(), this::take);
        checkpoints) { // closed before the state that is being saved
      figures = kept;
      Optional<List<HistoryPoint>> resumed = checkpoints.resume(state);
      if (resumed.isPresent()) {
        last = resumed.get();
      } else {
        state.start();
      }
      TensorScope.makeGradients(root, state.trainedLayers());
      prepared.accept(root);
      try (BatchLoader loader = loader(state)) {
        loop(new TrainingStep(setup, root, state, kept, cached), state, loader);
      } catch (InterruptedException e) {
        checkpoint(state);
        checkpoints.settle();
        throw e;
      }
      return state.result(last);
    }
  }

  private BatchLoader loader(TrainingState state) {
    for (TeacherOutputs teacher : setup.teachers()) {
      teacher.cached(setup.taps(teacher)).ifPresent(rows -> cached.put(teacher, rows));
    }
    return new BatchLoader(
        setup.set(),
        state.order(),
        setup.seed(),
        setup.options().flip(),
        new Augmentations(setup.options().augment(), setup.seed()),
        setup.preprocessing(),
        setup.teachers().stream().flatMap(t -> t.preprocessing().stream()).findFirst(),
        List.copyOf(cached.values()),
        state.student().device().equals(Device.cpu()),
        setup.options().decoderThreads(),
        state.stepsPerEpoch() * state.batchesPerStep(),
        state.step() * state.batchesPerStep(),
        state.totalSteps() * state.batchesPerStep());
  }

  private void loop(TrainingStep step, TrainingState state, BatchLoader loader)
      throws InterruptedException, IOException {
    long since = System.nanoTime();
    long images = 0;
    while (!state.finished()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("training was interrupted at step " + state.step());
      }
      List<Batch> batches = next(state, loader);
      try {
        step.run(batches);
      } catch (EngineException e) {
        throw DeviceMemory.explained(e, state.step() + 1, setup);
      }
      batches.forEach(loader::recycle);
      checkpoints.look();
      images += batches.stream().mapToInt(Batch::size).sum();
      boolean logs = due(state, setup.options().logEvery());
      if (logs) {
        figures.read();
      }
      long now = System.nanoTime();
      List<HistoryPoint> validated = validatesNow(state) ? validate(state) : List.of();
      List<HistoryPoint> points = new ArrayList<>();
      if (logs) {
        addMeans(state, points);
        addPoint(state, points, "lr", state.learningRate());
        addPoint(state, points, "images_per_second", images * 1e9 / Math.max(1, now - since));
        warn(state);
        images = 0;
        since = System.nanoTime();
      }
      points.addAll(validated);
      if (state.finished() && setup.options().stopping().watches()) {
        addPoint(state, points, "kept_epoch", state.keptEpoch());
      }
      if (logs) {
        last = List.copyOf(points);
      }
      if (!points.isEmpty()) {
        long done = state.step();
        List<HistoryPoint> line = List.copyOf(points);
        checkpoints.tell(listener -> listener.logged(done, state.totalSteps(), line));
      }
      if (checkpoints.due(state)) {
        checkpoint(state);
      }
    }
    checkpoints.settle();
  }

  private void checkpoint(TrainingState state) throws IOException {
    figures.read();
    checkpoints.begin(state, last);
  }

  private static boolean due(TrainingState state, int every) {
    return state.step() % every == 0 || state.finished();
  }

  private boolean validatesNow(TrainingState state) {
    boolean ends = state.step() % state.stepsPerEpoch() == 0 || state.finished();
    return ends && setup.validation().isPresent();
  }

  /** All batches of a step before it begins, so that a step is never left half-way. */
  private static List<Batch> next(TrainingState state, BatchLoader loader)
      throws InterruptedException {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < state.batchesPerStep(); i++) {
      batches.add(loader.next());
    }
    return batches;
  }

  private void take(long step, int[] images, String name, double value) {
    latest = images;
    if (!Double.isFinite(value)) {
      try {
        checkpoints.settle(); // it is the one that stays
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw notFinite(step).apply(name + " = " + value);
    }
    means.add(name, value);
  }

  /** The error of what is found after a step, now or later. */
  private Function<String, NonFiniteLossException> notFinite(long step) {
    int[] images = latest;
    long saved = checkpoints.savedStep();
    return quantity ->
        new NonFiniteLossException(
            step, quantity, saved, Arrays.stream(images).mapToObj(setup.set()::faceId).toList());
  }

  private void addMeans(TrainingState state, List<HistoryPoint> points) {
    means.take().forEach((name, value) -> addPoint(state, points, name, value));
  }

  private List<HistoryPoint> validate(TrainingState state) {
    Map<String, Double> figures = new TreeMap<>();
    state.withAverage(
        () -> {
          try (NetworkEmbedder embedder =
              new NetworkEmbedder(state.student(), setup.preprocessing(), VALIDATION_BATCH)) {
            figures.putAll(setup.validation().orElseThrow().measure(state.epoch(), embedder));
          }
        });
    List<HistoryPoint> points = new ArrayList<>();
    figures.forEach((name, value) -> addPoint(state, points, "validation/" + name, value));
    state.validated(figures);
    return points;
  }

  private static void addPoint(
      TrainingState state, List<HistoryPoint> points, String name, double value) {
    points.add(new HistoryPoint(state.step(), state.epoch(), name, value));
  }

  private void warn(TrainingState state) throws IOException {
    long done = state.step();
    List<String> alarms = new ArrayList<>(state.alarms().values());
    setup.teachers().forEach(teacher -> alarms.addAll(teacher.alarms().values()));
    for (String alarm : alarms) {
      checkpoints.tell(listener -> listener.warned(done, alarm));
    }
  }
}
