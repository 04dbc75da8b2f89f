package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
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
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "finds PyTorch by /proc")
class ForwardPrecisionTest {
  /** Share of a loss that eight bits of mantissa may move it by. */
  private static final double TOLERANCE = 0.01;

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilefacenet: {width: 0.25}",
        "iresnet: {depth: 18, width: 0.125}",
        "edgenext: {}",
        "vit: {dim: 16, depth: 2, heads: 2, patch: 16}",
        "swin: {dim: 8, depths: [2, 2], heads: [1, 2]}"
      })
  void everyBackboneTrainsInBfloat16(String backbone) throws Exception {
    RecordedHistory exact = new RecordedHistory();
    RecordedHistory rounded = new RecordedHistory();
    TrainingRun.run(backbone(backbone).listener(exact));
    TrainingRun.run(backbone(backbone).precision(ForwardPrecision.BF16).listener(rounded));
    assertClose(rounded.values("loss/total"), exact.values("loss/total"));
    assertThat(rounded.values("loss/total")).isNotEqualTo(exact.values("loss/total"));
  }

  private static TrainingSetup backbone(String yaml) {
    String key = yaml.substring(0, yaml.indexOf(':'));
    String options = yaml.substring(yaml.indexOf(':') + 1);
    return TrainingSetup.of(
        Backbone.create(RecordBinder.select(Backbone.class, key, Yaml.json(options))),
        Preprocessing.STANDARD,
        new TinyFaces(4, 2, 112),
        TinyOptions.of("{epochs: 2, batchSize: 8, logEvery: 1, learningRate: 0.0001}"),
        3);
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
