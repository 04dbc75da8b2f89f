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
import io.facet.models.distill.TermLosses;
import io.facet.models.head.IdentityHead;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Weight;
import io.facet.models.train.optimiser.AdamW;
import io.facet.models.train.optimiser.AdamWOptions;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.Optimiser;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.sampler.SampleOrder;
import io.facet.models.train.sampler.Sampler;
import io.facet.models.train.schedule.LearningRate;
import io.facet.models.train.schedule.Schedule;
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
  private static final String LOGGED = "logged";
  private static final String OPTIMISER = "optimiser/";
  private static final AdamWOptions ADAPTER_OPTIMISER = new AdamWOptions(0.9, 0.999, 1e-8);

  private final TrainingSetup setup;
  private final SampleOrder order;
  private final long totalSteps;
  private final Network student;
  private final Optional<IdentityHead> head;
  private final MethodSession method;
  private final List<WeightGroup> groups = new ArrayList<>();
  private long step;

  TrainingState(TrainingSetup setup, NDManager root) {
    this.setup = setup;
    TrainingOptions options = setup.options();
    order = order(options.sampler());
    long whole = (long) order.batchesPerEpoch() * options.epochs();
    totalSteps = options.maxSteps().map(limit -> Math.min(limit, whole)).orElse(whole);
    student = setup.student();
    student.initialise(root, SeededHash.seed(setup.seed(), "student"));
    setup.initial().ifPresent(values -> student.load(root, values));
    addGroup(root, "student", student, options.optimiser());
    head = setup.method().identityWeight() > 0 ? Optional.of(head(root)) : Optional.empty();
    head.ifPresent(layer -> addGroup(root, "head", layer, options.optimiser()));
    method = setup.method().open(methodSetup(root));
    method.initialise(root, SeededHash.seed(setup.seed(), "adapters"));
    addGroup(root, "adapters", method, options.adapterLearningRate(), options.adapterWeightDecay());
    setup
        .teacher()
        .flatMap(TeacherOutputs::trainedPrompts)
        .ifPresent(prompts -> addGroup(root, "prompts", prompts, setup.promptLearningRate(), 0));
  }

  @SuppressWarnings("unchecked") // the options come from the same extension
  private SampleOrder order(Selected<? extends Sampler<?>> selected) {
    Sampler<Record> sampler = (Sampler<Record>) selected.extension();
    return sampler.open(selected.options(), setup.set(), setup.options().batchSize(), setup.seed());
  }

  private IdentityHead head(NDManager root) {
    IdentityHead layer =
        new IdentityHead(setup.head(), setup.set().classes(), student.embeddingSize());
    layer.initialise(root, SeededHash.seed(setup.seed(), "head"));
    return layer;
  }

  private MethodSetup methodSetup(NDManager root) {
    MethodNeeds needs = setup.method().needs();
    Optional<TeacherOutputs> teacher = setup.teacher();
    Map<String, ai.djl.ndarray.types.Shape> taps = new LinkedHashMap<>(student.taps());
    taps.keySet().retainAll(needs.studentTaps());
    return new MethodSetup(
        root,
        SeededHash.seed(setup.seed(), METHOD),
        setup.set().classes(),
        student.embeddingSize(),
        teacher.map(TeacherOutputs::embeddingSize).orElse(0),
        taps,
        teacher.map(TeacherOutputs::taps).orElse(Map.of()),
        setup.teacherClassifier(),
        setup.saliency(),
        teacher.map(TeacherOutputs::promptTokens).orElse(0),
        setup.set().size());
  }

  @SuppressWarnings("unchecked") // the options come from the same extension
  private void addGroup(
      NDManager root, String name, Layer layer, Selected<? extends Optimiser<?>> selected) {
    TrainingOptions options = setup.options();
    Optimiser<Record> optimiser = (Optimiser<Record>) selected.extension();
    OptimiserSession session =
        optimiser.open(selected.options(), root, layer.weights(), options.weightDecay());
    groups.add(new WeightGroup(name, layer, session, rate(options.learningRate())));
  }

  private void addGroup(NDManager root, String name, Layer layer, double rate, double decay) {
    OptimiserSession session = new AdamW().open(ADAPTER_OPTIMISER, root, layer.weights(), decay);
    groups.add(new WeightGroup(name, layer, session, rate(rate)));
  }

  private LearningRate rate(double base) {
    TrainingOptions options = setup.options();
    long warmUp = Math.round(options.warmUpEpochs() * stepsPerEpoch());
    return new LearningRate(
        options.schedule(),
        new Schedule.Span(base, Math.min(warmUp, totalSteps), totalSteps, stepsPerEpoch()),
        warmUp == 0 ? 1 : 1.0 / warmUp);
  }

  SampleOrder order() {
    return order;
  }

  Network student() {
    return student;
  }

  /** Class weights of the student's head; null without one. */
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

  long stepsPerEpoch() {
    return order.batchesPerEpoch();
  }

  /** Epochs begun by the steps done, from 1. */
  int epoch() {
    return (int) ((Math.max(1, step) - 1) / stepsPerEpoch()) + 1;
  }

  /** Rate of the last step of the student. */
  double learningRate() {
    return groups.get(0).rate().at(step - 1);
  }

  Layer[] trainedLayers() {
    return groups.stream().map(WeightGroup::layer).toArray(Layer[]::new);
  }

  List<Weight> weights() {
    return groups.stream().flatMap(group -> group.layer().weights().values().stream()).toList();
  }

  /** The identity term and the method's own. */
  TermLosses losses(StepInputs inputs) {
    TermLosses terms = new TermLosses();
    head.ifPresent(
        layer ->
            terms.add("identity", setup.method().identityWeight(), identityLoss(layer, inputs)));
    method.losses(inputs).terms().forEach((name, t) -> terms.add(name, t.weight(), t.value()));
    if (terms.terms().isEmpty()) {
      throw new RecipeException(
          "method '%s' with identity weight 0 has no loss to learn from"
              .formatted(setup.method().key()));
    }
    return terms;
  }

  private NDArray identityLoss(IdentityHead layer, StepInputs inputs) {
    NDArray embeddings = inputs.student().embedding();
    NDArray labels = inputs.labels();
    int all = (int) labels.size();
    int counted = order.identityCrops(all);
    if (counted < all) {
      NDIndex front = new NDIndex(":" + counted);
      embeddings = embeddings.get(front);
      labels = labels.get(front);
    }
    long draw = SeededHash.of(SeededHash.seed(setup.seed(), "classes"), inputs.step());
    return layer.loss(embeddings, labels, setup.options().identitySampleRate(), draw);
  }

  void update(Gradients gradients) {
    groups.forEach(group -> group.step(gradients, step));
    step++;
  }

  void afterStep(TensorScope scope, StepInputs inputs) {
    try (TensorScope inner = TensorScope.inference(scope.manager())) {
      method.afterStep(inputs);
    }
  }

  Map<String, String> alarms() {
    return method.alarms();
  }

  Checkpoint checkpoint(Map<String, double[]> means, List<HistoryPoint> last) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (WeightGroup group : groups) {
      put(tensors, group.name(), group.layer().save());
      put(tensors, OPTIMISER + group.name(), group.optimiser().save());
    }
    Map<String, double[]> numbers = new LinkedHashMap<>();
    put(numbers, MEANS, means);
    put(numbers, METHOD, method.state());
    for (HistoryPoint point : last) {
      numbers.put(
          LOGGED + "/" + point.name(), new double[] {point.step(), point.epoch(), point.value()});
    }
    return new Checkpoint(setup.identity(), step, tensors, numbers);
  }

  private static <V> void put(Map<String, V> into, String part, Map<String, V> values) {
    values.forEach((name, value) -> into.put(part + "/" + name, value));
  }

  /** Takes back a checkpoint; returns the last line of history. */
  List<HistoryPoint> restore(Checkpoint checkpoint) {
    if (!checkpoint.identity().equals(setup.identity())) {
      throw new DataException(
          "the checkpoint is of a run with other options, data or versions; remove it to start anew");
    }
    for (WeightGroup group : groups) {
      group.layer().weights().values().stream()
          .findFirst()
          .map(weight -> weight.array().getManager())
          .ifPresent(manager -> group.layer().load(manager, checkpoint.part(group.name())));
      group.optimiser().load(checkpoint.part(OPTIMISER + group.name()));
    }
    method.restore(Checkpoint.below(checkpoint.numbers(), METHOD));
    step = checkpoint.step();
    List<HistoryPoint> last = new ArrayList<>();
    Checkpoint.below(checkpoint.numbers(), LOGGED)
        .forEach((name, v) -> last.add(new HistoryPoint((long) v[0], (int) v[1], name, v[2])));
    return last;
  }

  TrainingResult result(List<HistoryPoint> last) {
    return new TrainingResult(
        student.save(),
        head.map(layer -> layer.weight().array().toFloatArray()),
        method.save(),
        setup
            .teacher()
            .flatMap(TeacherOutputs::trainedPrompts)
            .map(PromptSet::save)
            .orElse(Map.of()),
        last,
        step);
  }

  @Override
  public void close() {
    groups.forEach(WeightGroup::close);
    method.close();
    head.ifPresent(IdentityHead::close);
    student.close();
  }
}
