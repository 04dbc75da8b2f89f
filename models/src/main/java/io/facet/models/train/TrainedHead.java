package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.facet.models.DataException;
import io.facet.models.distill.StepInputs;
import io.facet.models.head.ClassSample;
import io.facet.models.head.IdentityHead;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.TorchOps;
import io.facet.models.train.checkpoint.TableRows;
import io.facet.models.train.data.Batch;
import io.facet.models.train.optimiser.OptimiserSession;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The identity head of a run, if its method wants one: of all classes, or of those that each step
 * draws out of a table. The classes are drawn without a head too, for terms that read another one's
 * class weights.
 */
final class TrainedHead implements AutoCloseable {
  private final TrainingSetup setup;
  private final int classes;
  private final int classesOfStep;
  private final boolean allLabelled;
  private final Optional<IdentityHead> layer;
  private final Optional<SampledClasses> table;
  private Optional<ClassSample> sample = Optional.empty();

  /**
   * The head with its first values.
   *
   * @param width of the embeddings
   * @param batches of a step
   * @param groups gets it
   */
  TrainedHead(TrainingSetup setup, NDManager root, int width, int batches, WeightGroups groups) {
    this.setup = setup;
    classes = setup.set().classes();
    classesOfStep = classesOfStep(setup.options(), classes, batches);
    allLabelled = setup.set().labelled() == setup.set().size();
    layer =
        setup.method().identityWeight() > 0 ? Optional.of(layer(root, width)) : Optional.empty();
    Optional<OptimiserSession> optimiser = layer.map(head -> optimiser(head, groups));
    table = samples() ? layer.map(head -> table(root, head, optimiser.get())) : Optional.empty();
  }

  /** Classes that take part in a step: at least those of its crops. */
  private static int classesOfStep(TrainingOptions options, int all, int batches) {
    double rate = options.identitySampleRate();
    long wanted = (long) Math.ceil(rate * all);
    long crops = (long) options.batchSize() * batches;
    return rate < 1 ? (int) Math.min(all, Math.max(wanted, crops)) : all;
  }

  private boolean samples() {
    return classesOfStep < classes;
  }

  private long seed() {
    return SeededHash.seed(setup.seed(), TrainedPart.HEAD.group());
  }

  private IdentityHead layer(NDManager root, int width) {
    IdentityHead head = new IdentityHead(setup.head(), classesOfStep, width);
    head.initialise(root, seed());
    head.to(setup.device());
    if (samples()) {
      setup.classifier().ifPresent(start -> head.setTrainable(!start.frozen()));
    } else {
      setup.classifier().ifPresent(start -> start.apply(head, root));
    }
    return head;
  }

  private OptimiserSession optimiser(IdentityHead head, WeightGroups groups) {
    return groups.addNetwork(
        TrainedPart.HEAD,
        head,
        setup.options().headRate(),
        samples() ? Set.of(SampledClasses.WEIGHT) : Set.of());
  }

  private SampledClasses table(NDManager root, IdentityHead head, OptimiserSession optimiser) {
    SampledClasses all = new SampledClasses(root, head, optimiser, classes, seed());
    setup.classifier().ifPresent(start -> all.start(start.weights()));
    return all;
  }

  /**
   * Draws the classes of the next step and takes their weights out of the table.
   *
   * @param batches of the step
   * @param step steps done
   */
  void begin(List<Batch> batches, long step) {
    if (samples()) {
      long[] labels =
          batches.stream().flatMapToLong(batch -> Arrays.stream(batch.labels())).toArray();
      long draw = SeededHash.of(SeededHash.seed(setup.seed(), "classes"), step);
      sample = Optional.of(ClassSample.draw(labels, classes, classesOfStep, draw));
      table.ifPresent(all -> all.take(sample.get()));
    }
  }

  /** Whether each crop of the set has a class. */
  boolean allLabelled() {
    return allLabelled;
  }

  /** The classes of this step; empty: all. */
  Optional<ClassSample> sample() {
    return sample;
  }

  /** Class weights of this step; null without a head. */
  NDArray weights() {
    return layer.map(head -> head.weight().array()).orElse(null);
  }

  /** The head if it has all classes. */
  Optional<IdentityHead> whole() {
    return samples() ? Optional.empty() : layer;
  }

  /** Weights of all classes, row by row, if each step has some alone. */
  Optional<float[]> sampledWeights() {
    return table.map(SampledClasses::values);
  }

  /**
   * The identity term, over the labelled crops among those the sampler means it for.
   *
   * @param counted crops that it is meant for, the first ones
   * @return empty if there are none
   */
  Optional<NDArray> loss(StepInputs inputs, int counted) {
    if (layer.isEmpty()) {
      return Optional.empty();
    }
    NDArray embeddings = inputs.student().embedding();
    IndexArray labels = inputs.classLabels().first(counted);
    if (counted < inputs.labels().size()) {
      embeddings = embeddings.get(new NDIndex(":" + counted));
    }
    if (!allLabelled) {
      long[] known = labels.known();
      if (known.length == 0) {
        return Optional.empty();
      }
      embeddings = TorchOps.rows(embeddings, NewArray.of(embeddings, known));
      labels = labels.rows(known);
    }
    return Optional.of(layer.get().loss(embeddings, labels.array()));
  }

  /** Puts this step's weights back into the table. */
  void updated() {
    table.ifPresent(all -> all.putBack(sample.orElseThrow()));
  }

  /** What is too large for a {@link TrainingState#checkpoint}; whoever asks for it closes it. */
  Optional<TableSnapshot> snapshot() {
    return table.map(SampledClasses::snapshot);
  }

  /** Takes back a piece of a {@link #snapshot}. */
  void restore(TableRows piece) {
    table
        .orElseThrow(
            () -> new DataException("the checkpoint samples classes; remove it to start anew"))
        .restore(piece);
  }

  @Override
  public void close() {
    table.ifPresent(SampledClasses::close);
    layer.ifPresent(IdentityHead::close);
  }
}
