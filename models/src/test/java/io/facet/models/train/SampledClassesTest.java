package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.head.ClassSample;
import io.facet.models.head.CosFace;
import io.facet.models.head.CosFaceOptions;
import io.facet.models.head.IdentityHead;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.checkpoint.TableRows;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.optimiser.Sgd;
import io.facet.models.train.optimiser.SgdOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampledClassesTest {
  private static final int CLASSES = 30;
  private static final int WIDTH = 16;
  private static final double RATE = 0.1;
  private static final double DECAY = 0.01;
  private static final double MOMENTUM = 0.9;

  /** A head of few classes, its optimiser and the table of many. */
  private static final class Bench implements AutoCloseable {
    final NDManager manager = Torch.newManager();
    final IdentityHead head = IdentityHead.of(new CosFace(), new CosFaceOptions(0.2, 8), 4, WIDTH);
    final OptimiserSession optimiser;
    final SampledClasses table;

    Bench() {
      head.initialise(manager, 1);
      optimiser = new Sgd().open(new SgdOptions(MOMENTUM, false), manager, head.weights(), DECAY);
      table = new SampledClasses(manager, head, optimiser, CLASSES, 7);
    }

    /** One step; returns the gradients of the rows. */
    float[] step(ClassSample sample, long label) {
      table.take(sample);
      float[] slopes;
      try (TensorScope scope = TensorScope.training(manager, head)) {
        NDArray labels = scope.manager().create(new long[] {label});
        NDArray embedding = scope.manager().ones(new Shape(1, WIDTH));
        if (optimiser.steps() > 0) {
          TensorScope.zeroGradients(head);
        }
        scope.backward(head.loss(embedding, sample.places(IndexArray.reading(labels)).array()));
        slopes = head.weight().array().getGradient().toFloatArray();
        optimiser.step(new Gradients(head.weights().values()), RATE);
      }
      table.putBack(sample);
      return slopes;
    }

    @Override
    public void close() {
      table.close();
      optimiser.close();
      head.close();
      manager.close();
    }
  }

  /** Momentum and decay of a row that is in three of five samples, worked out by hand. */
  @Test
  void rowsOutsideTheSampleDoNotMoveAndKeepTheirMomentum() {
    try (Bench bench = new Bench()) {
      float[][] expected = new float[CLASSES][];
      float[] first = bench.table.values();
      for (int i = 0; i < CLASSES; i++) {
        expected[i] = Arrays.copyOfRange(first, i * WIDTH, (i + 1) * WIDTH);
      }
      float[][] velocity = new float[CLASSES][WIDTH];
      for (long label : new long[] {3, 8, 3, 11, 3}) {
        ClassSample sample = ClassSample.draw(new long[] {label}, CLASSES, 4, label);
        float[] slopes = bench.step(sample, label);
        for (int i = 0; i < 4; i++) {
          int row = sample.classes()[i];
          for (int j = 0; j < WIDTH; j++) {
            double slope = slopes[i * WIDTH + j] + DECAY * expected[row][j];
            velocity[row][j] = (float) (MOMENTUM * velocity[row][j] + slope);
            expected[row][j] -= (float) (RATE * velocity[row][j]);
          }
        }
      }
      float[] values = bench.table.values();
      for (int i = 0; i < CLASSES; i++) {
        assertThat(Arrays.copyOfRange(values, i * WIDTH, (i + 1) * WIDTH))
            .as("class " + i)
            .containsExactly(expected[i], within(1e-5f));
      }
    }
  }

  @Test
  void stateHoldsTheRowsThatStepsHadAndGivesThemBack() {
    List<TableRows> state = new ArrayList<>();
    float[] values;
    try (Bench bench = new Bench()) {
      bench.step(ClassSample.draw(new long[] {3}, CLASSES, 4, 1), 3);
      try (TableSnapshot rows = bench.table.snapshot()) {
        rows.read().forEachRemaining(state::add);
      }
      values = bench.table.values();
    }
    assertThat(state).extracting(TableRows::table).containsExactly("weight", "velocity");
    assertThat(state.get(0).rows()).hasSize(4).contains(3);
    try (Bench other = new Bench()) {
      state.forEach(other.table::restore);
      assertThat(other.table.values()).isEqualTo(values);
      assertThatThrownBy(
              () -> other.table.restore(new TableRows("weight", new int[] {99}, new float[WIDTH])))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("none of 30 classes of 16 numbers");
    }
  }

  private static TrainingSetup training(String method, NDManager manager) {
    TrainingSetup setup =
        TrainingSetup.of(
                new TinyStudent(WIDTH),
                TinyStudent.PREPROCESSING,
                new TinyFaces(CLASSES, 4),
                TinyOptions.of(
                    "{epochs: 1, batchSize: 4, logEvery: 1, learningRate: 0.01, identitySampleRate: 0.3}"),
                3)
            .teacher(TinyTeacher.plain(manager))
            .teacherClassifier(classifier());
    int space = method.indexOf(' ');
    return setup.method(TinyRun.method(method.substring(0, space), method.substring(space + 1)));
  }

  private static float[] classifier() {
    float[] values = new float[CLASSES * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(1 + i * 0.7);
    }
    return values;
  }

  /** Every method that reads class weights, each among the sampled classes alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "none {}",
        "kd {}",
        "gkd {rampEpochs: 0, classes: 2}",
        "th-kd {kdWeight: 1}",
        "th-kd {thTarget: hard, normalised: false}",
        "arc-distill {identityWeight: 1}",
        "margin-distillation {identityWeight: 1}",
        "ada-distill {identityWeight: 1}",
        "ofa {branches: [], identityWeight: 1}",
        "mldr {branches: [], classes: 9}",
      })
  void aResumedRunGivesTheBitsOfAnUndisturbedOne(String method) throws Exception {
    try (NDManager manager = Torch.newManager()) {
      TrainingResult result = ResumeProof.of(() -> training(method, manager));
      assertThat(result.classifier().orElseThrow()).hasSize(CLASSES * WIDTH);
    }
  }

  @Test
  void aFrozenHeadStaysAndTheNetworkLearnsOnItsSamples() throws Exception {
    try (NDManager manager = Torch.newManager()) {
      TrainingResult result = TrainingRun.run(training("th-kd {studentHead: copied}", manager));
      assertThat(result.classifier().orElseThrow()).isEqualTo(classifier());
    }
  }
}
