package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Layer;
import io.facet.models.train.checkpoint.Checkpoint;
import io.facet.models.train.optimiser.AdamW;
import io.facet.models.train.optimiser.AdamWOptions;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.Optimiser;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.schedule.LearningRate;
import io.facet.models.train.schedule.Schedule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that a run trains, in groups with optimisers and learning rates of their own. */
final class WeightGroups implements AutoCloseable {
  private static final String OPTIMISER = "optimiser/";
  private static final AdamWOptions ADAPTER_OPTIMISER = new AdamWOptions(0.9, 0.999, 1e-8);

  private final TrainingOptions options;
  private final NDManager root;
  private final long totalSteps;
  private final long stepsPerEpoch;
  private final List<WeightGroup> groups = new ArrayList<>();

  WeightGroups(TrainingOptions options, NDManager root, long totalSteps, long stepsPerEpoch) {
    this.options = options;
    this.root = root;
    this.totalSteps = totalSteps;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * Adds a layer that the recipe's optimiser trains; returns that optimiser.
   *
   * @param elsewhere names of weights that are saved elsewhere, with their moments
   */
  @SuppressWarnings("unchecked") // the options come from the same extension
  OptimiserSession addNetwork(TrainedPart part, Layer layer, double rate, Set<String> elsewhere) {
    Selected<Optimiser<?>> selected = options.optimiser();
    Optimiser<Record> optimiser = (Optimiser<Record>) selected.extension();
    OptimiserSession session =
        optimiser.open(selected.options(), root, layer.weights(), options.weightDecay());
    groups.add(new WeightGroup(part, layer, session, rate(rate), elsewhere));
    return session;
  }

  /** Adds a layer that AdamW trains. */
  void addAdapters(TrainedPart part, Layer layer, double rate, double decay) {
    OptimiserSession session = new AdamW().open(ADAPTER_OPTIMISER, root, layer.weights(), decay);
    groups.add(new WeightGroup(part, layer, session, rate(rate), Set.of()));
  }

  private LearningRate rate(double base) {
    long warmUp = Math.round(options.warmUpEpochs() * stepsPerEpoch);
    return new LearningRate(
        options.schedule(),
        new Schedule.Span(base, Math.min(warmUp, totalSteps), totalSteps, stepsPerEpoch),
        warmUp == 0 ? 1 : 1.0 / warmUp);
  }

  Layer[] layers() {
    return groups.stream().map(WeightGroup::layer).toArray(Layer[]::new);
  }

  /** The first group's learning rate at a step. */
  double rateAt(long step) {
    return groups.get(0).rate().at(step);
  }

  /** The gradients after a backward pass, those of the recipe's {@code clipGroups} clipped. */
  StepGradients gradients() {
    Map<TrainedPart, Gradients> gradients = new EnumMap<>(TrainedPart.class);
    Map<TrainedPart, NDArray> norms = new EnumMap<>(TrainedPart.class);
    for (WeightGroup group : groups) {
      Gradients own = group.gradients();
      gradients.put(group.part(), own);
      if (!own.isEmpty()) {
        norms.put(group.part(), own.norm());
      }
    }
    if (options.clipNorm() > 0) {
      List<Gradients> clipped =
          options.clipGroups().stream()
              .distinct()
              .map(gradients::get)
              .filter(part -> part != null && !part.isEmpty())
              .toList();
      if (!clipped.isEmpty()) {
        Gradients.clip(clipped, options.clipNorm()).close();
      }
    }
    return new StepGradients(gradients, norms);
  }

  void step(StepGradients gradients, long step) {
    groups.forEach(group -> group.step(gradients.of(group.part()), step));
  }

  /** All weights by {@code GROUP/NAME}, but those that are saved elsewhere. */
  Map<String, float[]> save() {
    Map<String, float[]> all = new LinkedHashMap<>();
    groups.forEach(group -> Checkpoint.put(all, group.name(), group.weights()));
    return all;
  }

  /** All weights and moments. */
  Map<String, float[]> state() {
    Map<String, float[]> all = save();
    groups.forEach(group -> Checkpoint.put(all, OPTIMISER + group.name(), group.moments()));
    return all;
  }

  /** Takes back what {@link #state} gave. */
  void restore(Checkpoint checkpoint) {
    for (WeightGroup group : groups) {
      group.restore(root, checkpoint.part(group.name()), checkpoint.part(OPTIMISER + group.name()));
    }
  }

  @Override
  public void close() {
    groups.forEach(WeightGroup::close);
  }
}
