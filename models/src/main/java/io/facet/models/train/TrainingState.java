package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Network;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TeacherSide;
import io.facet.models.distill.TermLosses;
import io.facet.models.head.ClassSample;
import io.facet.models.head.IdentityHead;
import io.facet.models.option.Selected;
import io.facet.models.quantise.QuantisedNetwork;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.TorchOps;
import io.facet.models.train.checkpoint.Checkpoint;
import io.facet.models.train.checkpoint.TableRows;
import io.facet.models.train.data.Batch;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.sampler.Sampler;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final Optional<IdentityHead> head;
  private final Optional<SampledClasses> table;
  private final MethodSession method;
  private final WeightGroups groups;
  private final Optional<WeightAverage> average;
  private final KeptWeights kept;
  private final int labelled;
  private Optional<ClassSample> sample = Optional.empty();
  private long step;

  TrainingState(TrainingSetup setup, NDManager root) {
    this.setup = setup;
    this.root = root;
    TrainingOptions options = setup.options();
    labelled = setup.set().labelled();
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
    if (options.recompute() == Recompute.BLOCKS) {
      recomputeBlocks();
    }
    options.freezing().ifPresent(freezing -> freezing.apply(student));
    quantised = setup.quantisation().map(how -> new QuantisedNetwork(student, how));
    groups.addNetwork(TrainedPart.NETWORK, student, options.networkRate(), Set.of());
    head = setup.method().identityWeight() > 0 ? Optional.of(head()) : Optional.empty();
    Optional<OptimiserSession> headOptimiser =
        head.map(
            layer ->
                groups.addNetwork(
                    TrainedPart.HEAD,
                    layer,
                    options.headRate(),
                    samples() ? Set.of(SampledClasses.WEIGHT) : Set.of()));
    table = samples() ? head.map(layer -> table(layer, headOptimiser.get())) : Optional.empty();
    method = setup.method().open(methodSetup());
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

  private void recomputeBlocks() {
    boolean helps = false;
    if (student.hasBlocks()) {
      student.recomputeBlocks();
      helps = true;
    }
    for (TeacherOutputs teacher : setup.teachers()) {
      helps |= teacher.recomputeBlocks();
    }
    if (!helps) {
      setup
          .listener()
          .warned(
              0,
              "recompute: blocks has no effect here: neither the student nor a teacher whose prompts learn is a transformer");
    }
  }

  /** The layers whose average is taken: what is used after training. */
  private Map<String, Layer> averaged() {
    Map<String, Layer> layers = new LinkedHashMap<>();
    layers.put(STUDENT, student);
    if (table.isEmpty()) {
      head.ifPresent(layer -> layers.put(HEAD, layer));
    }
    return layers;
  }

  @SuppressWarnings("unchecked") // the options come from the same extension
  private SampleOrder order(Selected<? extends Sampler<?>> selected) {
    Sampler<Record> sampler = (Sampler<Record>) selected.extension();
    return sampler.open(selected.options(), setup.set(), setup.options().batchSize(), setup.seed());
  }

  private IdentityHead head() {
    IdentityHead layer = new IdentityHead(setup.head(), classesOfStep(), student.embeddingSize());
    layer.initialise(root, SeededHash.seed(setup.seed(), HEAD));
    layer.to(setup.device());
    if (samples()) {
      setup.classifier().ifPresent(start -> layer.setTrainable(!start.frozen()));
    } else {
      setup.classifier().ifPresent(start -> start.apply(layer, root));
    }
    return layer;
  }

  private SampledClasses table(IdentityHead layer, OptimiserSession optimiser) {
    SampledClasses all =
        new SampledClasses(
            root, layer, optimiser, setup.set().classes(), SeededHash.seed(setup.seed(), HEAD));
    setup.classifier().ifPresent(start -> all.start(start.weights()));
    return all;
  }

  /** Classes that take part in a step: at least those of its crops. */
  private int classesOfStep() {
    int all = setup.set().classes();
    double rate = setup.options().identitySampleRate();
    long wanted = (long) Math.ceil(rate * all);
    long crops = (long) setup.options().batchSize() * batchesPerStep();
    return rate < 1 ? (int) Math.min(all, Math.max(wanted, crops)) : all;
  }

  private boolean samples() {
    return classesOfStep() < setup.set().classes();
  }

  /**
   * Draws the classes of the next step and takes their weights out of the table.
   *
   * @param batches of the step
   */
  void begin(List<Batch> batches) {
    if (samples()) {
      long[] labels =
          batches.stream().flatMapToLong(batch -> Arrays.stream(batch.labels())).toArray();
      long draw = SeededHash.of(SeededHash.seed(setup.seed(), "classes"), step);
      sample = Optional.of(ClassSample.draw(labels, setup.set().classes(), classesOfStep(), draw));
      table.ifPresent(all -> all.take(sample.get()));
    }
  }

  /** The classes of this step; empty: all. */
  Optional<ClassSample> classSample() {
    return sample;
  }

  private MethodSetup methodSetup() {
    MethodNeeds needs = setup.method().needs();
    Optional<TeacherOutputs> teacher = setup.teacher();
    Map<String, ai.djl.ndarray.types.Shape> taps = new LinkedHashMap<>(student.taps());
    taps.keySet().retainAll(needs.studentTaps());
    Map<String, TeacherSide> named = new LinkedHashMap<>();
    setup.namedTeachers().forEach((name, given) -> named.put(name, given.side()));
    return new MethodSetup(
        root,
        setup.device(),
        SeededHash.seed(setup.seed(), METHOD),
        setup.set().classes(),
        student.embeddingSize(),
        teacher.map(TeacherOutputs::embeddingSize).orElse(0),
        taps,
        teacher.map(TeacherOutputs::taps).orElse(Map.of()),
        setup.teacherClassifier(),
        setup.saliency(),
        teacher.map(TeacherOutputs::promptTokens).orElse(0),
        setup.set().size(),
        setup.set()::label,
        named);
  }

  /** Gives the method's maps their first values; only before the first step of a new run. */
  void start() {
    try (TensorScope scope = TensorScope.inference(root)) {
      method.start(new StartingEmbeddings(setup, scope.manager(), student()));
    }
  }

  SampleOrder order() {
    return order;
  }

  /** The student as it computes in training: as in int8, if it learns that. */
  Network student() {
    return quantised.map(Network.class::cast).orElse(student);
  }

  /** Class weights of the student's head, those of this step; null without one. */
  NDArray classifier() {
    return head.map(layer -> layer.weight().array()).orElse(null);
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
    head.flatMap(layer -> identityLoss(layer, inputs))
        .ifPresent(loss -> terms.add("identity", setup.method().identityWeight(), loss));
    method.losses(inputs).terms().forEach((name, t) -> terms.add(name, t.weight(), t.value()));
    if (terms.terms().isEmpty() && labelled == setup.set().size()) {
      throw new RecipeException(
          "method '%s' with identity weight 0 has no loss to learn from"
              .formatted(setup.method().key()));
    }
    return terms;
  }

  /** Over the labelled crops among those the sampler means it for; empty if there are none. */
  private Optional<NDArray> identityLoss(IdentityHead layer, StepInputs inputs) {
    NDArray embeddings = inputs.student().embedding();
    int all = inputs.labels().size();
    int counted = order.identityCrops(all);
    IndexArray labels = inputs.classLabels().first(counted);
    if (counted < all) {
      embeddings = embeddings.get(new NDIndex(":" + counted));
    }
    if (labelled < setup.set().size()) {
      long[] known = labels.known();
      if (known.length == 0) {
        return Optional.empty();
      }
      embeddings = TorchOps.rows(embeddings, NewArray.of(embeddings, known));
      labels = labels.rows(known);
    }
    return Optional.of(layer.loss(embeddings, labels.array()));
  }

  void update(StepGradients gradients) {
    groups.step(gradients, step);
    table.ifPresent(all -> all.putBack(sample.orElseThrow()));
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
    table.ifPresent(rows -> all.put(HEAD + "/weight", rows.values()));
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

  /** A copy of all that is not in {@link #tables}. */
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

  /** What is too large for {@link #checkpoint}, as it is now; whoever asks for it closes it. */
  Optional<TableSnapshot> tables() {
    return table.map(SampledClasses::snapshot);
  }

  /** Takes back a piece of {@link #tables}. */
  void restore(TableRows piece) {
    table
        .orElseThrow(
            () -> new DataException("the checkpoint samples classes; remove it to start anew"))
        .restore(piece);
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
        head.map(layer -> weights.get(HEAD + "/weight")),
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
    table.ifPresent(SampledClasses::close);
    groups.close();
    method.close();
    head.ifPresent(IdentityHead::close);
    student.close();
  }
}
