package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.Autocast;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import io.facet.models.train.teacher.LiveTeacher;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "finds PyTorch by /proc")
class ForwardPrecisionTest {
  /** Share of a loss that eight bits of mantissa may move it by. */
  private static final double TOLERANCE = 0.01;

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  static List<String> backbones() {
    return SmallBackbones.all();
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void everyBackboneTrainsInBfloat16(String backbone) throws Exception {
    RecordedHistory exact = new RecordedHistory();
    RecordedHistory rounded = new RecordedHistory();
    TrainingRun.run(backbone(backbone).listener(exact));
    TrainingRun.run(backbone(backbone).precision(ForwardPrecision.BF16).listener(rounded));
    assertClose(rounded.values("loss/total"), exact.values("loss/total"));
    assertThat(rounded.values("loss/total")).isNotEqualTo(exact.values("loss/total"));
  }

  private static TrainingSetup backbone(String backbone) {
    return SmallBackbones.setup(
        backbone, "{epochs: 2, batchSize: 8, logEvery: 1, learningRate: 0.0001}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "swin"})
  void aLiveTeacherAndItsPromptsTakePart(String kind) throws Exception {
    RecordedHistory exact = new RecordedHistory();
    RecordedHistory rounded = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(prompted(kind, manager).listener(exact));
      TrainingRun.run(prompted(kind, manager).precision(ForwardPrecision.BF16).listener(rounded));
    }
    assertClose(rounded.values("loss/total"), exact.values("loss/total"));
  }

  private static TrainingSetup prompted(String kind, NDManager manager) {
    PromptableNetwork network =
        kind.equals("vit") ? TinyTeacher.network(manager) : TinyTeacher.swin(manager);
    return TrainingSetup.of(
            new TinyStudent(16),
            TinyStudent.PREPROCESSING,
            TinyRun.FACES,
            TinyOptions.of("{epochs: 2, batchSize: 8, logEvery: 1, learningRate: 0.0001}"),
            3)
        .method(TinyRun.method("cakd", TinyRun.CAKD))
        .teacher(
            LiveTeacher.prompted(
                network,
                TinyStudent.PREPROCESSING,
                Set.of("last"),
                PromptSet.create(network, 3, PromptDepth.DEEP, manager, 6),
                true));
  }

  @Test
  void productsAreRoundedWhileItIsOpenAndNotAfterwards() {
    try (NDManager manager = Torch.newManager()) {
      NDArray x = manager.create(new float[] {1 + 1f / 1024}, new Shape(1, 1));
      float rounded;
      try (Autocast cast = Autocast.bfloat16(Device.cpu())) {
        rounded = TorchOps.float32(x.matMul(x)).toFloatArray()[0];
      }
      assertThat(rounded).isEqualTo(1f);
      assertThat(x.matMul(x).toFloatArray()[0]).isGreaterThan(1f);
    }
  }

  private static void assertClose(List<Double> actual, List<Double> expected) {
    assertThat(actual).hasSameSizeAs(expected).isNotEmpty();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(TOLERANCE * expected.get(i)));
    }
  }
}
