package io.facet.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.FrozenModel;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.InfrastructureException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PeakMemoryTest {
  private static byte[] drawn(double width) {
    Selected<Backbone<?>> backbone =
        RecordBinder.select(
            Backbone.class, "mobilefacenet", "{\"width\": %s, \"embedding\": 64}".formatted(width));
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 1);
      byte[] program = OnnxExport.bytes(ModelFile.of(backbone, Preprocessing.STANDARD, network));
      return new FrozenModel(FrozenModel.Kind.ONNX, Preprocessing.STANDARD, program).bytes();
    }
  }

  @Test
  void aLargerModelTakesMoreOfTheSameProcess() throws Exception {
    byte[] small = drawn(0.125);
    byte[] large = drawn(2);
    PeakMemory.Measured ofSmall = PeakMemory.measure(small, "small");
    PeakMemory.Measured ofLarge = PeakMemory.measure(large, "large");
    // weights are held at least once
    assertThat(ofLarge.model()).isGreaterThan(large.length);
    assertThat(ofLarge.model() - ofSmall.model()).isGreaterThan(large.length - small.length);
    assertThat(ofSmall.model()).isPositive();
    // the rest, Java and the engine, is the same: neither heap nor model is in it
    long rest = ofSmall.peak() - ofSmall.model();
    assertThat(rest).isGreaterThan(20 << 20);
    assertThat((double) (ofLarge.peak() - ofLarge.model()) / rest).isBetween(0.8, 1.25);
  }

  @Test
  void aProcessThatFailsIsAnErrorThatNamesTheModelAndTheCure() {
    byte[] damaged = "no model at all".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PeakMemory.measure(damaged, "distill/1/model.safetensors"))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("the memory of distill/1/model.safetensors could not be measured")
        .hasMessageContaining("exit code 1")
        .hasMessageContaining("DataException: distill/1/model.safetensors")
        .hasMessageContaining("set evaluate.memory to false");
  }

  @Test
  void anInterruptedMeasurementIsCancelled() {
    byte[] model = drawn(0.125);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> PeakMemory.measure(model, "small"))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
