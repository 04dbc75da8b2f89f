package io.facet.models.train;

import static io.facet.models.train.TinyRun.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.face.Pixels;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.train.data.TrainingSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnlabelledTrainingTest {
  private static final TinyFaces FACES = new TinyFaces(4, 6);

  /** The tiny faces so many times over, of which only the first copy may have labels. */
  private record Copies(int copies, boolean labels) implements TrainingSet {
    @Override
    public int size() {
      return copies * FACES.size();
    }

    @Override
    public int classes() {
      return labels ? FACES.classes() : 0;
    }

    @Override
    public int label(int index) {
      return labels && index < FACES.size() ? FACES.label(index) : UNLABELLED;
    }

    @Override
    public String faceId(int index) {
      return "face-" + index;
    }

    @Override
    public Pixels crop(int index) {
      return FACES.crop(index % FACES.size());
    }
  }

  private static final TrainingSet UNLABELLED = new Copies(1, false);
  private static final TrainingSet MIXED = new Copies(2, true);

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static TrainingSetup setup(TrainingSet set, int batch, int epochs) {
    return TrainingSetup.of(
        new TinyStudent(16),
        TinyStudent.PREPROCESSING,
        set,
        TinyOptions.of(
            "{epochs: %d, batchSize: %d, logEvery: 1, learningRate: 0.01, flip: false}"
                .formatted(epochs, batch)),
        3);
  }

  private static RecordedHistory history(TrainingSetup setup) throws Exception {
    RecordedHistory history = new RecordedHistory();
    TrainingRun.run(setup.listener(history));
    return history;
  }

  @ParameterizedTest
  @ValueSource(strings = {"feature-consistency", "l2", "rkd", "rpsd", "sp", "pkt", "cc", "crd"})
  void methodsWithoutIdentityTermLearnFromFacesWithoutLabels(String key) throws Exception {
    try (NDManager manager = Torch.newManager()) {
      List<Double> total =
          history(
                  setup(UNLABELLED, 24, 12)
                      .method(method(key, "{identityWeight: 0}"))
                      .teacher(TinyTeacher.plain(manager)))
              .values("loss/total");

      assertThat(total).hasSize(12).allMatch(Double::isFinite);
      assertThat(total.get(11)).isLessThan(total.get(0));
    }
  }

  @ParameterizedTest
  @CsvSource({"feature-consistency,{},loss/identity", "ada-distill,{duplicates: mean},loss/total"})
  void termsThatReadLabelsCountTheLabelledPart(String key, String options, String term)
      throws Exception {
    try (NDManager manager = Torch.newManager()) {
      double mixed = first(MIXED, 48, method(key, options), term, manager);
      double labelledAlone = first(new Copies(1, true), 24, method(key, options), term, manager);

      // Each unlabelled crop is a copy of a labelled one, so batch statistics are the same; first
      // centres are others.
      assertThat(mixed).isCloseTo(labelledAlone, within(1e-3 * labelledAlone));
    }
  }

  private static double first(
      TrainingSet set,
      int batch,
      Selected<DistillationMethod<?>> method,
      String term,
      NDManager manager)
      throws Exception {
    return history(setup(set, batch, 1).method(method).teacher(TinyTeacher.plain(manager)))
        .values(term)
        .get(0);
  }

  @Test
  void aBatchWithoutAnyLabelIsAStepWithoutLoss() throws Exception {
    RecordedHistory history = history(setup(new Copies(8, true), 3, 1));

    assertThat(history.values("loss/total")).hasSize(64).contains(0.0).anyMatch(value -> value > 1);
    assertThat(history.values("loss/identity")).hasSizeBetween(8, 63);
  }

  @Test
  void balancedSamplersDrawFromTheLabelledCropsAlone() throws Exception {
    TrainingSetup setup = setup(MIXED, 8, 2);
    RecordedHistory history =
        history(setup.options(TinyOptions.of(options("{balanced: {crops: 4}}"))));

    assertThat(history.values("loss/identity")).hasSize(2 * 24 / 8);
    assertThatThrownBy(
            () ->
                history(
                    setup(UNLABELLED, 8, 1)
                        .options(TinyOptions.of(options("{balanced: {crops: 4}}")))
                        .method(method("rkd", "{identityWeight: 0}"))
                        .teacher(TinyTeacher.plain(Torch.newManager()))))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("choose sampler shuffled");
  }

  private static String options(String sampler) {
    return "{epochs: 2, batchSize: 8, logEvery: 1, sampler: %s}".formatted(sampler);
  }

  @ParameterizedTest
  @CsvSource({
    "none,has an identity term",
    "feature-consistency,set its identityWeight to 0",
    "ada-distill,reads labels"
  })
  void whatNeedsLabelsIsRefusedWithoutAny(String key, String message) {
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          setup(UNLABELLED, 8, 1).method(method(key, "{}")).teacher(TinyTeacher.plain(manager));

      assertThatThrownBy(() -> TrainingRun.run(setup))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(message);
    }
  }
}
