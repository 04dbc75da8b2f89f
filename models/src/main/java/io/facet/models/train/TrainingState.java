package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Network;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.option.Selected;
import io.facet.models.quantise.QuantisedNetwork;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.checkpoint.Checkpoint;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.sampler.Sampler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything a training run changes, and its way into a checkpoint and back. */
final class TrainingState implements AutoCloseable {
  static final String MEANS = "means";
  private static final String METHOD = "method";
  private static final String QUANTISATION = "quantisation";
  private static final String LOGGED = "logged";
  private static final String AVERAGE = "average";
  private static final String KEPT = "kept";
  private static final String STUDENT = TrainedPart.NETWORK.group();
  private static final String HEAD = TrainedPart.HEAD.group();
  private static final String ADAPTERS = TrainedPart.ADAPTERS.group();
  private static final String PROMPTS = TrainedPart.PROMPTS.group();

  private final TrainingSetup setup;
  private final SampleOrder order;
  private final NDManager root;
  private final long totalSteps;
  private final Network student;
  private final Optional<QuantisedNetwork> quantised;
  private final TrainedHead head;
  private final MethodSession method;
  private final WeightGroups groups;
  private final Optional<WeightAverage> average;
  private final KeptWeights kept;
  private long step;

  TrainingState(TrainingSetup setup, NDManager root) {
    this.setup = setup;
    this.root = root;
    TrainingOptions options = setup.options();
    order = order(options.sampler());
    long whole = stepsPerEpoch() * options.epochs();
    totalSteps = options.maxSteps().map(limit -> Math.min(limit, whole)).orElse(whole);
    groups = new WeightGroups(options, root, totalSteps, stepsPerEpoch());
    student = setup.student();
    student.initialise(root, SeededHash.seed(setup.seed(), STUDENT));
    setup.initial().ifPresent(values -> student.load(root, values));
    setup.precision().prepare(setup.device());
    student.to(setup.device());
    setup.teachers().forEach(teacher -> teacher.to(setup.device(), setup.precision()));
    options.recompute().apply(setup);
    options.freezing().ifPresent(freezing -> freezing.apply(student));
    quantised = setup.quantisation().map(how -> new QuantisedNetwork(student, how));
    groups.addNetwork(TrainedPart.NETWORK, student, options.networkRate(), Set.of());
    head = new TrainedHead(setup, root, student.embeddingSize(), batchesPerStep(), groups);
    method = setup.method().open(MethodSetups.of(setup, root, student));
    method.initialise(root, SeededHash.seed(setup.seed(), ADAPTERS));
    method.to(setup.device());
    groups.addAdapters(
        TrainedPart.ADAPTERS, method, options.adapterLearningRate(), options.adapterWeightDecay());
    setup.teachers().stream()
        .flatMap(teacher -> teacher.trainedPrompts().stream())
        .forEach(
            prompts ->
                groups.addAdapters(TrainedPart.PROMPTS, prompts, setup.promptLearningRate(), 0));
    average = options.averaging().map(averaging -> new WeightAverage(averaging, root, averaged()));
    kept = new KeptWeights(options.stopping());
  }

  /** The layers whose average is taken: what is used after training. */
  private Map<String, Layer> averaged() {
    Map<String, Layer> layers = new LinkedHashMap<>();
    layers.put(STUDENT, student);
    head.whole().ifPresent(layer -> layers.put(HEAD, layer));
    return layers;
  }

  @SuppressWarnings("unchecked") // the options come from the same extension
  private SampleOrder order(Selected<? extends Sampler<?>> selected) {
    Sampler<Record> sampler = (Sampler<Record>) selected.extension();
    return sampler.open(selected.options(), setup.set(), setup.options().batchSize(), setup.seed());
  }

  /** Gives the method's maps their first values; only before the first step of a new run. */
  void start() {
    try (TensorScope scope = TensorScope.inference(root)) {
      method.start(new StartingEmbeddings(setup, scope.manager(), student()));
    }
  }

  /** The student's head and its classes. */
  TrainedHead head() {
    return head;
  }

  SampleOrder order() {
    return order;
  }

  /** The student as it computes in training: as in int8, if it learns that. */
  Network student() {
    return quantised.map(Network.class::cast).orElse(student);
  }

  Set<String> studentTaps() {
    return setup.method().needs().studentTaps();
  }

  long step() {
    return step;
  }

  long totalSteps() {
    return totalSteps;
  }

  /** Optimiser steps of an epoch; batches left over after the last whole step sit it out. */
  long stepsPerEpoch() {
    return order.batchesPerEpoch() / batchesPerStep();
  }

  /** Batches of one optimiser step: as many as wanted, if an epoch has them. */
  int batchesPerStep() {
    return Math.min(setup.options().accumulate(), order.batchesPerEpoch());
  }

  /** Whether training is over. */
  boolean finished() {
    return step >= totalSteps || kept.stops();
  }

  /** Epochs begun by the steps done, from 1. */
  int epoch() {
    return (int) ((Math.max(1, step) - 1) / stepsPerEpoch()) + 1;
  }

  /** Rate of the last step of the student. */
  double learningRate() {
    return groups.rateAt(step - 1);
  }

  Layer[] trainedLayers() {
    return groups.layers();
  }

  /** The gradients after a backward pass, clipped as the recipe says. */
  StepGradients gradients() {
    return groups.gradients();
  }

  /** The identity term and the method's own. */
  TermLosses losses(StepInputs inputs) {
    TermLosses terms = new TermLosses();
    head.loss(inputs, order.identityCrops(inputs.labels().size()))
        .ifPresent(loss -> terms.add("identity", setup.method().identityWeight(), loss));
    method.losses(inputs).terms().forEach((name, t) -> terms.add(name, t.weight(), t.value()));
    if (terms.terms().isEmpty() && head.allLabelled()) {
      throw new RecipeException(
          "method '%s' with identity weight 0 has no loss to learn from"
              .formatted(setup.method().key()));
    }
    return terms;
  }

  void update(StepGradients gradients) {
    groups.step(gradients, step);
    head.updated();
    step++;
    average.ifPresent(weights -> weights.update(step));
  }

  /** Runs with the averaged student, if there is one, in the trained one's place. */
  void withAverage(Runnable measurement) {
    if (average.isEmpty()) {
      measurement.run();
      return;
    }
    Map<String, float[]> own = student.save();
    student.load(root, Checkpoint.below(average.get().values(), STUDENT));
    try {
      measurement.run();
    } finally {
      student.load(root, own);
    }
  }

  /** Takes in an epoch's validation. */
  void validated(Map<String, Double> figures) {
    kept.validated(epoch(), figures, this::weightsToKeep);
  }

  /** The epoch whose weights are the result, from 1. */
  int keptEpoch() {
    return kept.keepsBest() ? kept.epoch() : epoch();
  }

  private Map<String, float[]> weightsToKeep() {
    Map<String, float[]> all = groups.save();
    head.sampledWeights().ifPresent(rows -> all.put(HEAD + "/weight", rows));
    average.ifPresent(weights -> all.putAll(weights.values()));
    quantised.ifPresent(network -> Checkpoint.put(all, QUANTISATION, network.limits()));
    return all;
  }

  void afterStep(TensorScope scope, StepInputs inputs) {
    try (TensorScope inner = TensorScope.inference(scope.manager())) {
      method.afterStep(inputs);
    }
  }

  Map<String, String> alarms() {
    return method.alarms();
  }

  /** A copy of all that is not in {@link TrainedHead#snapshot}. */
  Checkpoint checkpoint(Map<String, double[]> means, List<HistoryPoint> last) {
    Map<String, float[]> tensors = groups.state();
    average.ifPresent(weights -> Checkpoint.put(tensors, AVERAGE, weights.values()));
    Checkpoint.put(tensors, KEPT, kept.weights());
    Map<String, double[]> numbers = new LinkedHashMap<>();
    Checkpoint.put(numbers, KEPT, kept.state());
    Checkpoint.put(numbers, MEANS, means);
    Checkpoint.put(numbers, METHOD, method.state());
    quantised.ifPresent(network -> Checkpoint.put(numbers, QUANTISATION, network.state()));
    numbers.replaceAll((name, values) -> values.clone()); // training goes on meanwhile
    for (HistoryPoint point : last) {
      numbers.put(
          LOGGED + "/" + point.name(), new double[] {point.step(), point.epoch(), point.value()});
    }
    return new Checkpoint(setup.identity(), step, tensors, numbers);
  }

  /** Takes back a checkpoint; returns the last line of history. */
  List<HistoryPoint> restore(Checkpoint checkpoint) {
    if (!checkpoint.identity().equals(setup.identity())) {
      throw new DataException(
          "the checkpoint is of a run with other options, data or versions; remove it to start anew");
    }
    groups.restore(checkpoint);
    average.ifPresent(weights -> weights.load(checkpoint.part(AVERAGE)));
    kept.restore(Checkpoint.below(checkpoint.numbers(), KEPT), checkpoint.part(KEPT));
    method.restore(Checkpoint.below(checkpoint.numbers(), METHOD));
    quantised.ifPresent(
        network -> network.restore(Checkpoint.below(checkpoint.numbers(), QUANTISATION)));
    step = checkpoint.step();
    List<HistoryPoint> last = new ArrayList<>();
    Checkpoint.below(checkpoint.numbers(), LOGGED)
        .forEach((name, v) -> last.add(new HistoryPoint((long) v[0], (int) v[1], name, v[2])));
    return last;
  }

  TrainingResult result(List<HistoryPoint> last) {
    Map<String, float[]> weights = kept.keepsBest() ? kept.weights() : weightsToKeep();
    return new TrainingResult(
        Checkpoint.below(weights, STUDENT),
        Optional.ofNullable(weights.get(HEAD + "/weight")),
        Checkpoint.below(weights, ADAPTERS),
        Checkpoint.below(weights, PROMPTS),
        quantised.map(network -> network.learnt(Checkpoint.below(weights, QUANTISATION))),
        last,
        step,
        keptEpoch());
  }

  @Override
  public void close() {
    average.ifPresent(WeightAverage::close);
    groups.close();
    method.close();
    head.close();
    student.close();
  }
}
