package io.facet.models.train;

import static io.facet.models.train.TinyRun.CAKD;
import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.FakeDevice;
import io.facet.models.FakeDevice.Counts;
import io.facet.models.RecipeException;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Extensions;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.prompt.PromptSet;
import io.facet.models.quantise.QuantisationOptions;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.LiveTeacher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All that a training is made of but methods, whose contract has the same test, on another device.
 */
@Tag(FakeDevice.TAG)
@EnabledIfEnvironmentVariable(named = FakeDevice.LIBRARY, matches = ".+")
class DeviceTrainingTest {
  private static final String RUN = "epochs: 10, batchSize: 8, logEvery: 10, learningRate: 0.01";

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  static Set<String> heads() {
    return new TreeSet<>(Extensions.all(MarginHead.class).keySet());
  }

  @ParameterizedTest
  @MethodSource("heads")
  void everyHeadTrains(String key) throws Exception {
    assertOneWaitALine(manager -> options(RUN).head(RecordBinder.select(MarginHead.class, key)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimiser: {sgd: {momentum: 0}}",
        "optimiser: {sgd: {nesterov: true}}",
        "optimiser: {adamw: {}}",
        "clipNorm: 0.5, clipGroups: [network, head]",
        "accumulate: 2, epochs: 20",
        "averaging: {}",
        "sampler: {balanced: {crops: 2}}",
        "identitySampleRate: 0.5, batchSize: 4, epochs: 5",
        "freezing: {layers: [first], statistics: true}",
        "warmUpEpochs: 2, schedule: {polynomial: {}}",
        "augment: [{blur: {}}, {colour: {}}, {occlusion: {}}, {low-resolution: {}}, {crop: {}}]"
      })
  void everyOptionTrains(String more) throws Exception {
    assertOneWaitALine(manager -> options(RUN + ", " + more));
  }

  @Test
  void aLiveTeacherCostsNoWait() throws Exception {
    assertOneWaitALine(
        manager ->
            options(RUN)
                .method(method("feature-consistency", "{}"))
                .teacher(TinyTeacher.plain(manager)));
  }

  /** Two kinds of transformer; once in ten steps both sides are looked at for collapse. */
  @ParameterizedTest
  @ValueSource(strings = {"vit", "swin"})
  void promptsLearnWithTheStudent(String teacher) throws Exception {
    long waits =
        waitsOfALine(
            manager -> {
              PromptableNetwork network =
                  teacher.equals("vit") ? TinyTeacher.network(manager) : TinyTeacher.swin(manager);
              PromptSet prompts = PromptSet.create(network, 3, PromptDepth.DEEP, manager, 6);
              return options(RUN)
                  .method(method("cakd", CAKD))
                  .teacher(
                      LiveTeacher.prompted(
                          network, TinyStudent.PREPROCESSING, Set.of("last"), prompts, true));
            });
    assertThat(waits).isEqualTo(3);
  }

  @Test
  void aStudentLearnsToComputeInInt8() throws Exception {
    Map<String, float[]> weights = new HashMap<>();
    TrainingResult start = TrainingRun.run(options("epochs: 1, batchSize: 8, learningRate: 0.01"));
    weights.putAll(start.student());
    QuantisationOptions how =
        RecordBinder.bind(QuantisationOptions.class, Yaml.tree("{rangeBatches: 2}"));
    assertOneWaitALine(manager -> options(RUN).initial(weights).quantisation(how));
  }

  static List<String> backbones() {
    return SmallBackbones.all();
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void everyBackboneTrains(String backbone) throws Exception {
    List<Counts> counts = new ArrayList<>();
    RecordedHistory host = new RecordedHistory();
    RecordedHistory device = new RecordedHistory(step -> counts.add(FakeDevice.counts()));
    TrainingRun.run(backbone(backbone).listener(host));
    TrainingRun.run(backbone(backbone).device(FakeDevice.DEVICE).listener(device));
    DeviceProof.assertSameLosses(device.points(), host.points());
    assertThat(counts.get(1).waits() - counts.get(0).waits()).isEqualTo(1);
  }

  /** Nothing is read from the device to find out what runs again. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "vit: {dim: 16, depth: 3, heads: 2, patch: 16, dropPath: 0.3}",
        "swin: {dim: 8, depths: [2, 2], heads: [1, 2], dropPath: 0.3}"
      })
  void blocksRunAgain(String transformer) throws Exception {
    String twice = "{epochs: 4, batchSize: 4, logEvery: 2, learningRate: 0.001, recompute: blocks}";
    List<Counts> counts = new ArrayList<>();
    RecordedHistory host = new RecordedHistory();
    RecordedHistory device = new RecordedHistory(step -> counts.add(FakeDevice.counts()));
    TrainingRun.run(SmallBackbones.setup(transformer, twice).listener(host));
    TrainingRun.run(
        SmallBackbones.setup(transformer, twice).device(FakeDevice.DEVICE).listener(device));
    DeviceProof.assertSameLosses(device.points(), host.points());
    assertThat(counts.get(1).waits() - counts.get(0).waits()).isEqualTo(1);
  }

  private static TrainingSetup backbone(String backbone) {
    return SmallBackbones.setup(
        backbone, "{epochs: 4, batchSize: 4, logEvery: 2, learningRate: 0.001}");
  }

  @Test
  void aStoppedRunGoesOnBitForBit() throws Exception {
    ResumeProof.of(
        () ->
            options("epochs: 10, batchSize: 8, logEvery: 1, learningRate: 0.01, averaging: {}")
                .validation(TinyRun::spread)
                .device(FakeDevice.DEVICE));
  }

  @Test
  void validationSeesWhatItSeesOnTheHost() throws Exception {
    RecordedHistory host = new RecordedHistory();
    RecordedHistory device = new RecordedHistory();
    TrainingRun.run(options(RUN).validation(TinyRun::spread).listener(host));
    TrainingRun.run(
        options(RUN).validation(TinyRun::spread).device(FakeDevice.DEVICE).listener(device));
    assertThat(device.values("validation/spread")).hasSameSizeAs(host.values("validation/spread"));
    for (int i = 0; i < host.values("validation/spread").size(); i++) {
      assertThat(device.values("validation/spread").get(i))
          .isCloseTo(
              host.values("validation/spread").get(i),
              org.assertj.core.data.Percentage.withPercentage(0.1));
    }
  }

  @Test
  void fiveHundredStepsLeaveNothingBehind() throws Exception {
    List<Integer> arrays = new ArrayList<>();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(
          options("epochs: 167, batchSize: 8, logEvery: 50, learningRate: 0.01")
              .method(method("ukd", "{}"))
              .teacher(
                  new CountingTeacher(
                      TinyTeacher.plain(manager),
                      root -> arrays.add(root.getManagedArrays().size())))
              .device(FakeDevice.DEVICE));
    }
    List<Integer> atLines = new ArrayList<>();
    for (int step = 50; step < arrays.size(); step += 50) {
      atLines.add(arrays.get(step));
    }
    assertThat(atLines).hasSize(10).containsOnly(atLines.get(0));
  }

  @Test
  void aLossThatIsNotFiniteIsFoundWithTheNextLineAndNamesItsOwnStep() {
    assertThatThrownBy(
            () ->
                TrainingRun.run(
                    options(
                            "epochs: 9, batchSize: 8, logEvery: 20, learningRate: 100, weightDecay: 10, clipNorm: 0")
                        .device(FakeDevice.DEVICE)))
        .isInstanceOfSatisfying(
            NonFiniteLossException.class,
            e -> {
              assertThat(e.step()).isBetween(2L, 19L);
              assertThat(e.faceIds()).hasSize(8);
            });
  }

  @Test
  void aBatchThatDoesNotFitNamesOneThatMay() {
    TrainingSetup setup =
        options("epochs: 9, batchSize: 8, accumulate: 2, learningRate: 0.01")
            .device(FakeDevice.DEVICE)
            .listener(new RecordedHistory());
    FakeDevice.limit(8 * 3 * 16 * 16 * Float.BYTES - 1);
    try {
      assertThatThrownBy(() -> TrainingRun.run(setup))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("does not hold a batch of 8")
          .hasMessageContaining("batchSize: 4 and accumulate: 4");
    } finally {
      FakeDevice.limit(0);
    }
  }

  @Test
  void aTrialFindsTheSameLosses() throws Exception {
    DeviceTrial.Outcome outcome = DeviceTrial.run(FakeDevice.DEVICE);
    assertThat(outcome.difference()).isLessThan(DeviceTrial.TOLERANCE);
    assertThat(outcome.imagesPerSecond()).isPositive();
    assertThat(outcome.imagesPerSecondOnHost()).isPositive();
  }

  @Test
  void operandsOfTwoDevicesAreRefused() {
    try (NDManager manager = Torch.newManager()) {
      NDArray here = manager.ones(new Shape(2, 2));
      NDArray there = NewArray.zeros(manager, FakeDevice.DEVICE, new Shape(2, 2));
      assertThatThrownBy(() -> here.matMul(there)).hasMessageContaining("same device");
    }
  }

  private static TrainingSetup options(String yaml) {
    return TrainingSetup.of(
        new TinyStudent(16), TinyStudent.PREPROCESSING, FACES, TinyOptions.of("{" + yaml + "}"), 3);
  }

  private static void assertOneWaitALine(Function<NDManager, TrainingSetup> fresh)
      throws Exception {
    assertThat(waitsOfALine(fresh)).isEqualTo(1);
  }

  private static long waitsOfALine(Function<NDManager, TrainingSetup> fresh) throws Exception {
    try (NDManager manager = Torch.newManager()) {
      return DeviceProof.of(() -> fresh.apply(manager)).waits();
    }
  }
}
